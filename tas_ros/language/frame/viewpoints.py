# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose left and right a sentence means, where a phrase of its own says so: "as i see it", "from your end of it".

The phrases are patterns over whole words. They are taken out of the sentence before anything else reads it: a viewpoint
stands anywhere in it, and its nouns ("bench") are no things to be found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.stance_words import GAZES, OWNERS, SEEN, STAYS
from tas_ros.language.frame.stances import take_stances
from tas_ros.language.query import Perspective

_LATERAL = frozenset(
    {"left", "right", "leftmost", "rightmost", "behind", "front", "back", "nearest", "closest", "first", "last"}
    | {"second", "third", "farthest", "furthest", "near", "far", "rear", "lhs", "rhs"}
)
_DET = r"(?:(?:the|a|this|that|its|our|these) )?"
_OWNER = rf"{_DET}(?P<owner>{'|'.join(sorted(OWNERS, key=len, reverse=True))})(?: 's)?"
# What is the robot's is the robot, but for its camera.
_PART = (
    r"(?: (?:own|robot|human|current|present|usual|exact|new|old|personal|particular))?"
    r"(?: (?:arm|gripper|base|head|body))?(?: (?P<lens>camera|cam|lens)(?: 's)?)?"
)
_VIEW = (
    r"(?:view|viewpoint|perspective|pov|standpoint|(?:vantage )?point of view|vantage point|eye view|vantage"
    r"|line of (?:sight|vision)|field of (?:view|vision)|sightline)"
)
_PLACE = r"(?:side|position|angle|eyes|eye|seat|place|end|spot|location|frame|frame of reference|reference frame|shoes)"
_IMAGE = "|".join(sorted(v.IMAGE_NOUNS))
_PICTURE = r"(?:image|img|picture|pic|photo|photograph|video|footage|feed|snapshot)"
_OF_THING = r"(?: of (?:the|this|our|that) \w+)?"
_AUXILIARY = r"(?:am|are|is|was|were|'s|have|can|could|would|do|currently|will be|would be|would|will)"
_SEES = (
    r"(?:see|sees|has|puts|seeing|saw|view|views|viewing|perceive|perceives|show|shows|film|films|watch|put|have"
    r"|picture|describe|experience|find)"
)
_GAZES = (
    r"(?:look|looks|looking|face|faces|facing|stand|stands|standing|sit|sits|sitting|seated|watching|viewing|turned"
    r"|oriented|angled|aimed|pointing|parked|positioned)"
)
_AT_WHAT = (
    r"(?: (?:at|toward|towards|on|upon|down))*"
    r"(?: (?:it|them|things|this|that|me|you|us|here|there|now"
    r"|(?:the|this|that|my|your) (?P<seen>\w+)(?! (?:is|are)(?!\S))))?"
)
_STAYS = rf"(?: (?:{_AUXILIARY}|{_GAZES}|stood|sat|at|right now|now|here|there|it|see))+"
_SEEN = (
    r"(?:(?:as|when|if|being) )?(?:(?:it is|you are|you were|i am) )?"
    r"(?:seen|viewed|looked at|looking|watched|observed|judged|judging|taken|going|described|speaking) (?:at it )?"
)
_SHOWS = r"(?:appears?|shown|displayed|depicted|pictured|looks?)"
_LOOKS = r"(?:looks?|appears?|seems?|shows?|presents? itself|comes? across|is|are|be|was|lies|turns? out)"
_TELLING = "select|find|mark|locate|segment|highlight|detect|identify|point|show|pick|click|outline|mask|circle|choose"
_FRAME = r"(?:frame of reference|reference frame|frame|coordinates|coordinate frame)"
_SEEN_BY = r"(?:(?:as|when|if|being) )?(?:it is )?(?:seen|viewed|watched|observed|captured|filmed|judged) (?:at it )?"
_POINTS = r"(?:facing|looking|pointing|pointed|turned|aimed|watching|seated|leaning)"
_WHERE = r"(?: (?:at|on|in|by|near|behind|before|beside|opposite|next|to|toward|towards|the|a|this|my|your|\w+)){1,4}?"
_IF_THERE = (
    r"(?:(?:as )?if (?:you|i|one) (?:were|was|are|stood|sat|stand|sit|am|looked)|standing|sitting|stood|sat|being)"
)

_PATTERNS = tuple(
    re.compile(rf"(?<!\S){pattern}(?!\S)")
    for pattern in (
        # "the way the camera sees it", "as i am looking at it", "when you are facing the shelf"
        rf"(?:as|like|how|(?:in )?(?:the )?way(?: that)?) {_OWNER}(?: {_AUXILIARY})* (?:{_SEES}|{_GAZES}){_AT_WHAT}",
        rf"(?:when|if|while) {_OWNER}(?: {_AUXILIARY})* (?:looking|facing|standing|sitting|viewing|seated){_AT_WHAT}",
        rf"(?:when|if|while) {_OWNER} (?:look|looks|face|faces) (?:at )?(?:it|them|this|(?:the|this) (?P<seen>\w+))",
        # "the way it looks to me", "as things appear to you", "how it is from your side"
        rf"(?:as|like|how|just as|(?:in )?(?:the )?way(?: that)?) (?:it|they|that|things|everything|all|this|the \w+)"
        rf"(?: (?:would|will|may|must|might))? {_LOOKS}(?: up)?(?: to be)? "
        rf"(?:(?:to|for) {_OWNER}{_PART}(?: eyes?)?|from (?P<of>my|your|our) \w+)",
        rf"(?:by|to|in|for) {_OWNER} (?:own )?(?:reckoning|mind|opinion|way of (?:seeing|looking|thinking)"
        rf"|judgement|judgment|lights"
        rf"|estimation|account|eyes|line of sight|field of view|field of vision|sight|orientation|heading)",
        rf"as far as {_OWNER}(?: {_AUXILIARY})* (?:concerned|see|sees|tell|goes|go)",
        # "from the viewpoint of the camera", "seen from the side of the robot"
        rf"(?:{_SEEN})?(?:from|in|by) {_DET}{_VIEW} of {_OWNER}{_PART}",
        rf"(?:{_SEEN})?from {_DET}{_PLACE} of {_OWNER}{_PART}",
        rf"in {_DET}(?:frame|reference frame|frame of reference) of {_OWNER}{_PART}",
        # "from my end of the bench", "with your own eyes", "in the robot frame"
        rf"(?:{_SEEN})?from {_OWNER}{_PART} (?:{_VIEW}|{_PLACE}){_OF_THING}",
        rf"(?:{_SEEN})?(?:in|by|with|through|to|on|for|at) {_OWNER}{_PART} (?:{_VIEW}|eyes)",
        rf"(?:in|by) {_DET}(?P<owner>robot|camera|your|my)(?: 's)?(?: (?P<lens>camera))? (?:frame|reference frame)",
        # "from over here where i am", "standing where you are", "if i were you"
        rf"(?:{_SEEN})?from(?: right| over| just)?(?: here| there)? where {_OWNER}{_STAYS}",
        rf"{_IF_THERE}(?: over| right)?(?: here| there)? where {_OWNER}{_STAYS}",
        rf"{_IF_THERE} in {_OWNER} (?:{_PLACE})",
        r"(?:pretend|imagine|suppose|pretending)(?: that)?(?: (?:you|i|we))? (?:to be|are|were|am) (?P<owner>you|me)",
        r"if (?:i|you|we) (?:were|was|are) (?P<owner>you|me)",
        # "as seen by the camera", "looking from my chair", "seen from here"
        rf"(?:{_SEEN_BY}(?:from|by|through|in|with|on)|{_SEEN}from) {_OWNER}{_PART}(?<! my)(?<! your)(?<! 's)",
        rf"{_SEEN}from (?P<owner>my|your) (?!left|right|front|back)\w+",
        rf"{_SEEN}from (?:over |right )?(?P<here>here)",
        r"from over (?P<here>here)",
        # "in the camera image"
        rf"(?:in|on|from) {_DET}(?:camera|video|live|webcam|whole|entire)(?: 's)? (?P<owner>{_IMAGE})",
        rf"(?:according|relative) to {_DET}(?:camera|video|webcam)(?: 's)? (?P<owner>{_IMAGE})",
        # "according to the camera", "with respect to you", "as shown in the picture"
        rf"(?:(?:according|relative|with respect|with reference|in relation|in reference) to|in terms of) "
        rf"{_OWNER}{_PART}",
        rf"as (?:(?:it|they|that) )?(?:is )?{_SHOWS} (?:in|on|to) {_OWNER}{_PART}",
        rf"{_DET}(?P<owner>robot|camera|image)(?: 's)? {_FRAME}",
        # "when viewed from above": whose view, it does not say
        rf"{_SEEN_BY}from (?:the )?(?P<nobody>front|back|rear|side|above|below|behind|top|other side)",
        # "with me facing the shelf", "with the camera pointing down"
        rf"with {_OWNER}{_PART} (?:standing|sitting|{_POINTS}){_AT_WHAT}(?= ,|$)",
        rf"with {_OWNER}{_PART} (?:standing|sitting|{_POINTS}){_WHERE}(?= ,|$)",
        # "the cup that to me is on the left"
        rf"(?<=that )to {_OWNER}(?= (?:is|are|looks?|appears?|seems?))",
        rf"(?<=which )to {_OWNER}(?= (?:is|are|looks?|appears?|seems?))",
        rf"(?<=, )(?:for|to) {_OWNER}(?= , (?:on|at|to|in|left|right|the|leftmost|rightmost) )",
        # "sit in my seat and it is ...", "in your seat it would be ...", "seen my way"
        r"^(?:try )?(?:sit|sitting|stand|standing|be|step|come|take|trade|put yourself)(?: \w+){0,2}? "
        rf"(?P<owner>my|your) {_PLACE}(?: (?:,|and|then|so))+(?= (?:it|that|the|you) )",
        rf"^(?:in|on|at) {_OWNER}{_PART} {_PLACE}(?: ,)?(?= (?:it|that) (?:is|would|will|'s|becomes) )",
        rf"(?:try )?(?:seen|see|seeing|viewed|viewing|looked at|looking at)(?: it| things| them| this)? {_OWNER} way",
        # "in the image, please mark ..."
        rf"^(?:in|on|within) {_DET}(?P<owner>{_PICTURE})(?: here| below| above| shown)?"
        rf"(?: ,)?(?= (?:, )?(?:please|kindly|now|could|can|would|will|i|we|{_TELLING}) )",
        rf"(?:what|which) (?:is|would be|will be|was) (?:for|to) {_OWNER}(?= (?:the|on|at|to|left|right) )",
        rf"{_OWNER}(?: {_AUXILIARY}| should| may| might)* (?:see|sees|call|calls|consider|describe) "
        r"(?:it|that|this|them)(?: as)?(?= (?:the|on|at|to|in|left|right|leftmost|rightmost)(?!\S))",
        # "looking at the image, ..."
        rf"(?:^|(?<=, ))(?:when |while |if |by )?(?:(?:you|i|we) (?:are |am )?)?(?:looking|look|gazing|viewing) "
        rf"(?:(?:at|into|through|on) )?{_DET}(?:camera )?(?P<owner>{_PICTURE})(?= ,| the |$)",
        rf"(?:^|(?<=, ))(?:when |while |if |by )?looking (?:through|into) {_OWNER}{_PART}(?= ,| the |$)",
        # "robot's point of view" with no preposition
        rf"{_OWNER}{_PART} {_VIEW}",
    )
)  # fmt: skip
# "i am sitting opposite you so on my right the salt": where people are is said before what is meant.
_SCENE_SETTING = re.compile(
    r"^(?:(?:since|because|now|ok|okay|so) )?(?:i|we|you) (?:am|are) "
    r"(?:(?:now|both|all|currently|still) )?"
    r"(?:sitting|standing|facing|looking|opposite|across|seated|on|at|over|in|behind)"
    r"(?: [\w']+){0,6}? "
    r"(?:, so|, then|, and|so|and|then|,) "
)
_HAPPENING = re.compile(r"(?<!\S)(i|you|we|robot|camera) happens? to be(?!\S)")
# "let 's say you are in my chair" supposes it.
_SUPPOSING = re.compile(
    r"(?:^|(?<=, ))(?:let (?:'s|us) )?(?:say|assume|assuming|supposing|picture it|pretend)(?: that)? (?=(?:i|you|we) )"
)
# "if you look to your left there is a bin" is about what is on your left.
_GLANCE = re.compile(
    r"^(?:(?:if|when|so|please|can|could|now) )*(?:you )?(?:look|glance|turn|peek|reach|lean|check) (?:over |out )?"
    r"(?:to|on|toward|towards) (your|my) (left|right)(?: hand)?(?: side)?(?: ,)?(?: and| then| for| where)* "
)
# "the left one, that is my left"
_IDENTIFIED = re.compile(
    r", (?:that|it|this|i) (?:is|mean|meant) ((?:on |to |off to )?(?:my|your) (?:left|right))(?!\S)"
)
# Which hand is to be used: "with your left arm pick up the cone".
_WITH_HAND = re.compile(
    r"(?:^|(?<=\S) )(?:reach (?:out |over )?)?(?:use|using|with) your (?:left|right|other|free|own) "
    r"(?:hand|arm|gripper|claw|manipulator)(?: ,)?(?: to| and)?(?= |$)"
)
# "on my left, your right": the same side twice.
_TOLD_TWICE = re.compile(
    r"(?<!\S)(my|your) (left|right)( hand)?( side)?(?: ,)?(?: so| that is| which is| not| and not)?(?: on| to)? "
    r"(?!\1)(?:my|your) (?:left|right)(?= ,|$)"
)
# "my left is your right" explains, it does not ask.
_MIRRORED = re.compile(
    r"(?:(?:, )?(?:so|and|that is) )?(?:my|your) (?:left|right) (?:is|being) (?:my|your) (?:left|right) ?"
)
# "turn your head, the tin is on your left": how to look is told before what is meant.
_TURNING = re.compile(
    r"^(?:(?:now|please|just|if you|can you|could you) )?"
    r"(?:(?:turn|move|tilt|rotate|swivel|lift|raise|lower|point) (?:your|the) (?:head|eyes|gaze|neck|camera|body)"
    r"|(?:turn|look|glance|spin) (?:around|round|over|up|down|back|here|there|over there|carefully|closely))"
    r"(?: (?:around|up|down|round|back|a bit|a little))*"
    r" (?:, (?:and |then |so )*|\. |(?:and|then) (?=you ))(?:(?:you will|you can|you should|you) (?:see|find|notice) )?"
)
# "the jug that looks leftmost to me" is leftmost as i see it.
_APPEARS = re.compile(
    rf"(?<!\S)(?:looks|look|looking|appears|appear|appearing|seems|seem|is|be|comes)(?: to be)? "
    rf"(?P<what>(?:(?:on|at|to|in|the|far|most|as) )*(?:{'|'.join(sorted(_LATERAL, key=len, reverse=True))})"
    rf"(?: (?:side|most|one|hand))?) (?:to|for) {_OWNER}{_PART}(?: eyes?)?(?!\S)"
)
# "closest to where i am standing" is closest to me.
_WHERE_ONE_IS = re.compile(
    rf"(?<!\S)(to|nearest|closest|near|from|of|by|beside|behind) where (i|you)"
    rf"(?: (?:am|are|have|been|stand|sit|currently|now|{_GAZES}))+(?!\S)"
)
_OBJECT_FORMS = {"i": "me", "you": "you"}
# "on the left for me": only beside a side, for "the mug for me" asks for a favour.
_FOR_WHOM = re.compile(
    r"(?<!\S)(?:for|to) (?:(?P<owner>me|you|us)|(?:the|this|our) (?P<other>robot|camera|cam|viewer|operator|user))"
    r"(?!\S)(?= |$)"
)


_SOMEBODY = frozenset(OWNERS) | SEEN | GAZES | STAYS | {"here", "captured", "filmed", "other", "opposite", "turn"}
"""Without any of these no sentence says whose view is meant."""


def take_viewpoint(words: Sequence[str], asks_favour: bool) -> tuple[list[str], Perspective | None]:
    """The words without the phrases that say whose view is meant, and whose that is (the first one named).

    asks_favour: the sentence is a command, in which "for me" says for whom, not for whose eyes.
    """
    if _SOMEBODY.isdisjoint(words):
        return list(words), None
    supposed = _SUPPOSING.sub("suppose ", _MIRRORED.sub("", _HAPPENING.sub(r"\1 are", " ".join(words))))
    supposed = supposed.replace("from wherever ", "from where ")
    stood, stance = take_stances(_TOLD_TWICE.sub(r"\1 \2\3\4", supposed).split())
    text = _GLANCE.sub(r"on \1 \2 ", _SCENE_SETTING.sub("", " ".join(stood)))
    text = _WITH_HAND.sub(" ", _IDENTIFIED.sub(r", \1", _TURNING.sub("", text))).strip()
    perspective = stance
    appears = _APPEARS.search(text)
    if appears is not None and _may_appear(appears):
        perspective = _whose(appears)
        text = f"{text[: appears.start()]}is {appears['what']}{text[appears.end() :]}"
    for pattern in _PATTERNS:
        found = pattern.search(text)
        if found is None or not _leaves_something(text, found):
            continue
        perspective = perspective or _whose(found)
        text = _without(text, found)
    text = _WHERE_ONE_IS.sub(lambda m: f"{m[1]} {_OBJECT_FORMS[m[2]]} ", text)
    if perspective is None:
        found = _for_whom(text, asks_favour)
        if found is not None:
            perspective, text = OWNERS[found["owner"] or found["other"]], _without(text, found)
    return text.split(), perspective


def _may_appear(found: re.Match[str]) -> bool:
    """ "is closest to me" measures a distance; "looks closest to me" and "is leftmost to me" tell a view."""
    measured = found["what"].split()[-1] in ("closest", "nearest", "near", "farthest", "furthest", "far")
    return not (found.group().startswith(("is ", "be ", "comes ")) and measured)


def _whose(found: re.Match[str]) -> Perspective | None:
    named = found.groupdict()
    if named.get("nobody"):
        return None
    if named.get("here"):
        return Perspective.SPEAKER
    if named.get("of"):
        return OWNERS[named["of"]]
    if named.get("lens"):
        return Perspective.CAMERA
    # "as you look at the picture": its left, not the robot's.
    return Perspective.IMAGE if named.get("seen") in v.IMAGE_NOUNS else OWNERS[named["owner"]]


def _leaves_something(text: str, found: re.Match[str]) -> bool:
    return any(word.isalnum() for word in (text[: found.start()] + text[found.end() :]).split())


def _without(text: str, found: re.Match[str]) -> str:
    before, after = text[: found.start()].rstrip(" ,"), text[found.end() :].lstrip(" ,")
    paused = "," in (text[: found.start()].rstrip()[-1:], text[found.end() :].lstrip()[:1])
    comma = " , " if before and after and paused else " "
    return f"{before}{comma}{after}".strip()


def _for_whom(text: str, asks_favour: bool) -> re.Match[str] | None:
    for found in _FOR_WHOM.finditer(text):
        before = text[: found.start()].split()
        follows = text[found.end() :].split()[:1]
        fronted = not before and bool(_LATERAL.intersection(text.split())) and (
            found.group().startswith("for") or follows in (["it"], ["its"], ["that"], [","])
        )  # fmt: skip
        placed = bool(before) and before[-1] in {"left", "right", "leftmost", "rightmost", "lhs", "rhs", "side"}
        if (fronted or (placed and found.group().startswith("for"))) and not asks_favour:
            return found
    return None
