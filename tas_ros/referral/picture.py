# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A Referral drawn on the image it is about: the one picture of node, replay and command line."""

from __future__ import annotations

from tas_ros.arrays import ImageArray
from tas_ros.files.overlay import CONTENDER_COLOUR, FOUND_COLOUR, NOTHING_COLOUR, draw
from tas_ros.referral.referral import Referral, Status

_COLOURS = {Status.FOUND: FOUND_COLOUR, Status.AMBIGUOUS: CONTENDER_COLOUR}


def draw_referral(rgb: ImageArray, referral: Referral) -> ImageArray:
    """A copy of `rgb` (H, W, 3) uint8: the thing found, or those that contend for it, outlined; all else dimmed.

    The caption says what was asked, what was understood, and the answer or what keeps from one.
    """
    things = referral.contenders if referral.mask is None else (referral.mask,)
    return draw(rgb, things, _caption(referral), _COLOURS.get(referral.status, NOTHING_COLOUR))


def _caption(referral: Referral) -> tuple[str, ...]:
    query, best = referral.query, referral.best
    said = referral.reason if best is None else f"found, score {best.score:.2f}"
    answer = said + "".join(f" ({note})" for note in referral.notes)
    understood = (f"understood: {query.describe()}",) if query.valid else ()
    return query.text, *understood, answer
