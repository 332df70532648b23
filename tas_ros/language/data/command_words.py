# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Phrases that command, as data: what a speaker wants, asks or tells, and how a robot is told to move."""

from __future__ import annotations

from tas_ros.language.data.action_verbs import ACTIONS
from tas_ros.language.data.word_sets import word_set


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


_SUBJECTS = ("i", "we", "me", "he", "she", "they")
_DESIRES = (
    "want | wants | need | needs | would like | would love | would prefer | would rather have | require | prefer |"
    "wanted | fancy | could use | would kill for | would go for | could do with | am after | am looking for |"
    "will have | will take | 'll take | choose | like | would take | would need | will need | am going to need |"
    "were looking for | was looking for | do want | want only"
)
_USES = "have | get | see | use | hold | be given | be handed | be passed | eat | drink | grab | take | borrow | pick"
_DEEDS = _phrases("left | put | dropped | saw | placed | parked | forgot | hid | lost | found | kept | stored")
_WISHES = {f"{who} {desire}" for who in _SUBJECTS for desire in _phrases(_DESIRES)}
VERBS = frozenset(
    ACTIONS
    | _WISHES
    | {f"{who} {deed}" for who in _SUBJECTS for deed in _DEEDS}
    | {f"{wish} to {use}" for wish in _WISHES for use in _phrases(_USES)}
    | {f"{wish} {use}" for wish in _WISHES for use in ("take", "get", "see", "have", "grab", "use")}
    | {
        f"where {did} {who} {put}"
        for did in ("did", "have", "do")
        for who in ("i", "we", "you", "he", "she", "they")
        for put in ("put", "leave", "left", "place", "keep", "see", "store")
    }
    | {f"{may} {who} {use}" for may in ("can", "could", "may") for who in ("i", "we") for use in _phrases(_USES)}
    | {"have", "have me", "be given"}
    | _phrases(
        "pick up | pick out | take away | take out | take off | get me | look for | look at | look up | search for |"
        "hand over | pass over | pass me | give me | hand me | bring me | show me | find me | point at | point to |"
        "point out | hand us | point towards | put down | set down | lay down | hold on to | hold onto | reach for |"
        "go to | go get | go for | drive to | walk to | move to | come to | navigate to | go over to | head to |"
        "head for | go find | where is | pass us | where are | where 's | where did | is there | are there |"
        "do you see | can you see | can you find | which is | which one is | which are | i see | i mean |"
        "looking for | i want to see | tell me where | tell me where is | give it | have a look at |"
        "take a look at | zoom in on | focus on | attend to | there is | there 's | here is | this is | that is |"
        "it is | it 's | draw a box around | give us | get rid of | clean up | tidy up | bring us | get us |"
        "pay attention to | keep an eye on | get hold of | get a hold of | take hold of | turn on | turn off |"
        "switch on | switch off | plug in | wipe down | wipe off | throw away | throw out | put away | tidy away |"
        "clear away | clear | have you seen | did you see | have you got | do you have | have we got | do we have |"
        "do you know where | grab me | do you know where is | fetch me | find us | show us | pull out | pull up |"
        "pull down | lift up | lift out | pop up | scoop up | mop up | dust off | pack up | fold up | roll up |"
        "hang up | drop off | set aside | put aside | put on | put back | bring back | bring over | bring up |"
        "bring down | take back | take down | take in | give back | hand back | did you find | have you found |"
        "did anyone see | make it | go with | opt for | settle for | dispose of | line up | set up | take care of |"
        "deal with | work on | look after | turn around | turn over | flip over | aim at | point your camera at |"
        "aim your camera at | shine a light on | shine the light on | tell me where is | open up | lock up |"
        "tell me about | tell me which is | have a peek at | take a peek at | have a glance at |"
        "have a closer look at | take a closer look at | keep your eye on | let go of | you should see |"
        "you will see | you will find | you should find | you might see | i can not find | i can not see |"
        "i can not reach | any idea where | any idea where is | do you remember where | show me where |"
        "i wonder where | show me where is | back up | back off | back away | step back | leave alone | make |"
        "check on | check out | go grab | come get | come grab | go pick up | go and get | go and find | go fetch |"
        "shovel up | gather up | snatch up | take up | hoist up | heave up | ladle up | go take | run get |"
        "it was | it has to be | it should be | it must be | it would be"
    )
) - {"spot", "notice"}  # fmt: skip
LONGEST_VERB = max(len(verb.split()) for verb in VERBS)
_UP_AND_AWAY = ("up", "out", "down", "over", "away", "back", "off")
VERB_PARTICLES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        word_set(
            "pick lift hold get take bring put set lay hand push pull move clean tidy throw chuck toss wipe clear "
            "pass carry fetch pack fold roll slide stick return send grab tip pour empty wash dry hang store stow"
        ),
        _UP_AND_AWAY,
    ),
    "pick up": (), "give": ("back", "over"),
    **dict.fromkeys(("turn", "switch"), ("on", "off", "over", "around", "up", "down")),
    **dict.fromkeys(("plug", "push", "slide"), (*_UP_AND_AWAY, "in")),
}  # fmt: skip
LEADING_PARTICLES = frozenset({"back", "away", "down", "up", "over", "out", "along", "through", "aside"})
"""Between verb and thing: "bring BACK the mug"."""
MOTION_VERBS = word_set("go drive walk come turn move rotate look step roll spin head back") | _phrases(
    "back up | back off | back away | step back | look up | look at | go to | move to | come to | drive to |"
    "walk to | head to"
)
MOTION_DIRECTIONS = word_set(
    "left right forward forwards backward backwards back up down ahead away around home here there straight on to off "
    "further faster slower meter meters metre metres step steps degrees me us you out in front at a bit little more "
    "closer over along again now"
)
