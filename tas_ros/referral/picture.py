"""A Referral drawn on the image it is about: the one picture of node, replay and command line."""

from __future__ import annotations

from tas_ros.arrays import ImageArray
from tas_ros.files.overlay import CONTENDER_COLOUR, FOUND_COLOUR, NOTHING_COLOUR, draw
from tas_ros.language.describe import describe_query
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
    understood = (f"understood: {describe_query(query)}",) if query.valid else ()
    return query.text, *understood, answer
