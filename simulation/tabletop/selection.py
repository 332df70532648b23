# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which of a group is the left one, the second from the right, the biggest, the one in the corner."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.tabletop.axes import Axes, Direction
from simulation.tabletop.descriptions import Corner, Extreme, Middle, Ordinal, Selector, Side

NOBODY = -1
"""Answer where clearly none of the group is meant: the fourth of three."""
ASIDE = 0.07
"""Beyond the middle by this a thing is clearly on a side: shares of the view's width, or metres of a person's own."""
SAME_SIDE = 0.02
"""Up to this beyond the middle it is clearly not."""
CORNER = 0.17
"""Beyond the middle by this in both directions it is in a corner."""


def select(axes: Axes, group: Sequence[int], selector: Selector) -> int | None:
    """The member meant, NOBODY, or None where people would not agree."""
    if isinstance(selector, Side):
        return _of_side(axes, group, selector)
    if isinstance(selector, Corner):
        return _only_in_quadrant(axes, group, selector.sides, CORNER)
    if isinstance(selector, Middle):
        return _in_middle_of_view(axes, group) if selector.of_view else _middle_of_three(axes, group)
    if isinstance(selector, Extreme):
        ordered = extreme_direction(axes, selector.kind)
        return None if ordered is None else _ranked(*ordered, group, selector.rank)
    return _counted(axes, group, selector)


def side_direction(axes: Axes, side: str) -> tuple[Direction | None, float]:
    """The direction that a side lies along, and the sign towards it."""
    return {
        "left": (axes.sideways, -1.0),
        "right": (axes.sideways, 1.0),
        "top": (axes.downwards, -1.0),
        "bottom": (axes.downwards, 1.0),
        "front": (axes.away, -1.0),
        "back": (axes.away, 1.0),
    }[side]


def extreme_direction(axes: Axes, kind: str) -> tuple[Direction, float] | None:
    """The direction whose end is meant, and the sign towards that end."""
    direction, sign = {
        "left": (axes.sideways, -1.0),
        "right": (axes.sideways, 1.0),
        "top": (axes.downwards, -1.0),
        "bottom": (axes.downwards, 1.0),
        "closest": (axes.distance, -1.0),
        "farthest": (axes.distance, 1.0),
        "biggest": (axes.size, 1.0),
        "smallest": (axes.size, -1.0),
        "tallest": (axes.height, 1.0),
        "shortest": (axes.height, -1.0),
    }[kind]
    return None if direction is None else (direction, sign)


def _ranked(direction: Direction, sign: float, group: Sequence[int], rank: int) -> int | None:
    """The member that exactly `rank` others clearly exceed, all the rest clearly behind it."""
    if len(group) < rank + 2:
        return None
    for i in group:
        steps = [sign * direction.clarity(j, i) for j in group if j != i]
        if sum(step <= -1 for step in steps) == rank and sum(step >= 1 for step in steps) == len(steps) - rank:
            return i
    return None


def _counted(axes: Axes, group: Sequence[int], ordinal: Ordinal) -> int | None:
    """Counting needs every step of the row to be clear."""
    direction, sign = side_direction(axes, ordinal.side)
    if direction is None or len(group) < 2:
        return None
    row = sorted(group, key=lambda i: float(direction.measures[0].values[i]), reverse=sign > 0)
    if any(sign * direction.clarity(row[k + 1], row[k]) < 1 for k in range(len(row) - 1)):
        return None
    if ordinal.index > len(row):
        return NOBODY if len(row) >= 2 else None
    return row[ordinal.index - 1] if len(row) >= 3 else None


def _middle_of_three(axes: Axes, group: Sequence[int]) -> int | None:
    """In the middle of a row of three, whichever way the row runs in the view."""
    if len(group) != 3:
        return None
    return _ranked(axes.sideways, 1.0, group, 1)


def _in_middle_of_view(axes: Axes, group: Sequence[int]) -> int | None:
    right, down = axes.from_centre
    if down is None or not group:
        return None
    away = np.hypot(right[list(group)], down[list(group)])
    order = np.argsort(away)
    if away[order[0]] > 0.1 or (len(group) > 1 and away[order[1]] < 0.2):
        return None
    return group[order[0]]


def _of_side(axes: Axes, group: Sequence[int], side: Side) -> int | None:  # noqa: PLR0911 (one return a rule)
    if side.of_pair:
        if len(group) != 2 or len(side.sides) != 1:
            return None
        direction, sign = side_direction(axes, side.sides[0])
        return None if direction is None else _ranked(direction, sign, group, 0)
    if len(side.sides) == 2:
        return _only_in_quadrant(axes, group, side.sides, ASIDE)
    beyond = _beyond_middle(axes, side.sides[0])
    direction, sign = side_direction(axes, side.sides[0])
    if side.sides[0] in ("front", "back") and direction is not None:
        return _ranked(direction, sign, group, 0)
    if beyond is None or direction is None or not group:
        return None
    there = [i for i in group if beyond[i] >= ASIDE]
    if len(there) != 1 or any(beyond[i] > SAME_SIDE for i in group if i not in there):
        return None
    clear = all(sign * direction.clarity(i, there[0]) >= 1.5 for i in group if i not in there)
    return there[0] if clear else None


def equally_on_side(axes: Axes, group: Sequence[int], selector: Selector) -> tuple[int, ...]:
    """Two or more on the side asked for, none more so, all others off it; empty where it is not so."""
    if not isinstance(selector, Side) or selector.of_pair or len(selector.sides) != 1:
        return ()
    beyond = _beyond_middle(axes, selector.sides[0])
    direction, _ = side_direction(axes, selector.sides[0])
    if beyond is None or direction is None:
        return ()
    there = tuple(i for i in group if beyond[i] >= ASIDE)
    if len(there) < 2 or any(beyond[i] > -SAME_SIDE for i in group if i not in there):
        return ()
    spread = max(float(np.ptp(each.values[list(there)])) / each.margin for each in direction.measures)
    return there if spread < 0.9 else ()


def _beyond_middle(axes: Axes, side: str) -> np.ndarray | None:
    """(N,) how far towards that side of the view's middle; None where the side is no part of a view."""
    right, down = axes.from_centre
    if side in ("left", "right"):
        return right if side == "right" else -right
    if down is None or side in ("front", "back"):
        return None
    return down if side == "bottom" else -down


def _only_in_quadrant(axes: Axes, group: Sequence[int], sides: Sequence[str], least: float) -> int | None:
    parts = [_beyond_middle(axes, side) for side in sides]
    if any(part is None for part in parts) or not group:
        return None
    first, second = (part for part in parts if part is not None)
    there = [i for i in group if first[i] >= least and second[i] >= 0.8 * least]
    if len(there) != 1:
        return None
    others = [i for i in group if i not in there]
    return there[0] if all(min(first[i], second[i]) <= 0.0 for i in others) else None
