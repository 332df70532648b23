# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Descriptions in words: several phrasings each, as a bare expression or as a command to a robot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.tabletop.descriptions import Corner, Description, Extreme, Link, Middle, Ordinal, Side

_BETTER = {"top": ("top", "upper"), "bottom": ("bottom", "lower"), "front": ("front",), "back": ("back",)}
_PLACES: dict[str, tuple[str, ...]] = {
    "left": ("on the left", "on the left side", "to the left", "at the left"),
    "right": ("on the right", "on the right side", "to the right", "at the right"),
    "top": ("at the top",),
    "bottom": ("at the bottom",),
    "front": ("in front", "at the front", "in the front"),
    "back": ("in the back", "at the back"),
}
_MOST: dict[str, tuple[str, ...]] = {
    "left": ("leftmost", "left most"),
    "right": ("rightmost", "right most"),
    "top": ("topmost", "highest"),
    "bottom": ("bottommost", "lowest"),
    "closest": ("closest", "nearest"),
    "farthest": ("farthest", "furthest"),
    "biggest": ("biggest", "largest"),
    "smallest": ("smallest",),
    "tallest": ("tallest",),
    "shortest": ("shortest",),
}
_PLAIN = {"biggest": ("big", "large"), "smallest": ("small", "little"), "tallest": ("tall",), "shortest": ("short",)}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_LINKS: dict[str, tuple[str, ...]] = {
    "left": ("left of", "to the left of", "on the left of"),
    "right": ("right of", "to the right of", "on the right of"),
    "front": ("in front of",),
    "behind": ("behind",),
    "above": ("above",),
    "below": ("below",),
    "on": ("on", "on top of"),
    "in": ("in", "inside"),
    "over": ("above",),
    "under": ("under", "below", "beneath", "underneath"),
    "next": ("next to", "beside", "near", "by", "close to"),
    "between": ("between", "in between"),
}
_WHOSE: dict[str, tuple[tuple[str, str], ...]] = {
    "robot": (("your", "you"), ("the robot's", "the robot")),
    "speaker": (("my", "me"),),
}
_COMMANDS = (
    "pick up {}", "grab {} please", "could you hand me {}", "bring me {}", "robot please get {}", "i want {}",
    "point at {}", "can you give me {}", "where is {}", "um take {}", "take {}", "please pick {} up", "show me {}",
    "ok now grab {}", "i need {} please", "find {}", "go get {}", "lift {}",
)  # fmt: skip
_DESTINATIONS = (
    "grab {} and put it in {}", "put {} in {}", "take {} and place it next to {}", "pick up {} and drop it into {}",
    "move {} to {}", "please take {} then put it on {}", "bring {} over to {}", "put {} into {} please",
)  # fmt: skip
UNSEEN_PLACES = ("the blue bin", "the basket", "the trash can", "the sink", "the top drawer", "the shelf")


class Phraser:
    """Puts descriptions into words; which ones, the generator of random numbers says."""

    def __init__(self, random: np.random.Generator, perspective: str = "", spoken: bool = False) -> None:
        self._random = random
        self._perspective = perspective
        self._whose = _WHOSE[perspective][int(random.integers(len(_WHOSE[perspective])))] if spoken else None

    def expression(self, description: Description) -> str:
        """With its article: "the red mug left of the box"."""
        phrase = f"the {self.noun_phrase(description)}"
        if self._whose and not self._owned(description):
            mine = self._whose[0]
            phrase += self._choose((f" from {mine} point of view", f" from {mine} perspective"))
        return phrase

    def bare(self, expression: str) -> str:
        """As people type it: without the first article now and then."""
        return expression.removeprefix("the ") if self._random.random() < 0.4 else expression

    def command(self, expression: str) -> str:
        """Said to a robot."""
        short = len(expression.split()) <= 5
        return self._choose([each for each in _COMMANDS if short or not each.endswith(" up")]).format(expression)

    def delivery(self, expression: str, destination: str, placed: bool) -> str:
        """Said to a robot, with where to put it.

        placed: the expression itself says where the thing is, so that "put the ball on the plate in the box" could be
        read two ways and is not said.
        """
        clear = [each for each in _DESTINATIONS if not placed or " it " in each]
        return self._choose(clear).format(expression, destination)

    def noun_phrase(self, description: Description) -> str:
        """Without article."""
        before, after = self._selected(description)
        whole = [*before, *([description.colour] if description.colour else []), self._noun(description, bool(after))]
        if description.not_colour:
            other = f"the {description.not_colour} one"
            whole.append(self._choose((f"that is not {description.not_colour}", f"not {other}", f"but not {other}")))
        whole += [self._link(link) for link in description.links]
        if after:
            whole.append(after)
        if description.extreme_link is not None:
            kind, anchor = description.extreme_link
            words = ("closest to", "nearest to") if kind == "closest" else ("farthest from", "furthest from")
            whole.append(f"{self._that()}{self._choose(words)} the {self.noun_phrase(anchor)}")
        return " ".join(whole)

    def _noun(self, description: Description, placed: bool) -> str:
        if description.pair:
            return _plural(description.noun)
        if description.noun:
            return description.noun
        alone = description.colour and not placed and not description.links and not description.selector
        if description.colour or isinstance(description.selector, Side):
            return "one" if not alone or self._random.random() < 0.7 else "thing"
        return self._choose(("one", "thing", "object"))

    def _owned(self, description: Description) -> bool:
        """Whether the words of a place say whose it is: "on my left", "closest to you"."""
        selector = description.selector
        return (isinstance(selector, Side) and not selector.of_pair) or (
            isinstance(selector, Extreme) and selector.kind in ("closest", "farthest")
        )

    def _selected(self, description: Description) -> tuple[list[str], str]:  # noqa: PLR0911 (one return a selector)
        """Words before and after the noun."""
        selector = description.selector
        if selector is None:
            return ["two"] if description.pair else [], ""
        if isinstance(selector, Ordinal):
            return self._counted(selector)
        if isinstance(selector, Corner):
            first = self._choose(_BETTER[selector.sides[0]])
            return [], f"in the {first} {selector.sides[1]} corner"
        if isinstance(selector, Middle):
            if selector.of_view:
                return [], self._choose(("in the middle of the picture", "in the center of the image"))
            return ([self._choose(("middle", "center"))], "") if self._random.random() < 0.6 else ([], "in the middle")
        if isinstance(selector, Extreme):
            return self._extreme(selector, bool(description.links))
        if len(selector.sides) == 2:
            both = f"{self._choose(_BETTER[selector.sides[0]])} {selector.sides[1]}"
            return ([both], "") if self._random.random() < 0.6 else ([], f"in the {both}")
        side = selector.sides[0]
        if self._whose and not selector.of_pair:
            return [], f"{self._choose(('on', 'to'))} {self._whose[0]} {side}"
        if selector.of_pair:
            words = {"left": ("left", "left hand"), "right": ("right", "right hand")}.get(side, _BETTER.get(side, ()))
            return [self._choose(words)], ""
        return [], self._choose(_PLACES[side])

    def _counted(self, ordinal: Ordinal) -> tuple[list[str], str]:
        far = self._choose((f"from the {ordinal.side}", f"from {ordinal.side}"))
        if ordinal.index == 0:
            return ["last"], "from the left" if ordinal.side == "left" else "from the right"
        if ordinal.index == 1:
            far = f"on the {ordinal.side}"
        return [_ORDINALS[ordinal.index]], far

    def _extreme(self, extreme: Extreme, linked: bool) -> tuple[list[str], str]:
        """linked: an anchor comes between, which "closest to the camera" after it would be said of."""
        if extreme.plain:
            return [self._choose(_PLAIN[extreme.kind])], ""
        rank = [_ORDINALS[extreme.rank + 1]] if extreme.rank else []
        word = self._choose(_MOST[extreme.kind])
        if extreme.kind in ("closest", "farthest") and not linked:
            viewer = self._whose[1] if self._whose else "the camera"
            if self._whose or (self._perspective == "camera" and self._random.random() < 0.3):
                joint = "to" if extreme.kind == "closest" else "from"
                return ([*rank, word], f"{joint} {viewer}") if rank else ([], f"{word} {joint} {viewer}")
        return [*rank, word], ""

    def _link(self, link: Link) -> str:
        anchors = " and ".join(f"the {self.noun_phrase(anchor)}" for anchor in link.anchors)
        if link.kind in ("with_on", "with_in"):
            return f"with {anchors} {link.kind[5:]} it"
        words = self._choose(_LINKS[link.kind])
        if link.negated:
            return f"{self._choose(('', 'that is '))}not {words} {anchors}"
        return f"{self._that()}{words} {anchors}"

    def _that(self) -> str:
        return self._choose(("", "", "", "that is ", "which is ", "thats "))

    def _choose(self, options: Sequence[str]) -> str:
        return options[int(self._random.integers(len(options)))]


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("x", "s", "ch", "sh")) else "s")
