# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Who looks, how one stays or looks, and where from. Data only; read by `stances` and `viewpoints`."""

from __future__ import annotations

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.word_sets import word_set
from tas_ros.language.query import Perspective

OWNERS: dict[str, Perspective] = {
    **v.PERSPECTIVES,
    **dict.fromkeys(("myself", "operator", "human", "we", "us"), Perspective.SPEAKER),
    **dict.fromkeys(("yourself", "arm", "gripper", "manipulator", "machine", "u"), Perspective.ROBOT),
    **dict.fromkeys(("cam", "webcam", "lens", "sensor", "photographer"), Perspective.CAMERA),
}
POSSESSIVES = frozenset({"my", "your", "our", "ur"})
SUBJECTS = frozenset({"i", "you", "we", "u", "robot", "camera"})
BE = frozenset({"am", "is", "are", "was", "were", "'s", "have", "been", "be", "being", "will", "would"})
LEADING_IN = frozenset({"well", "ok", "okay", "now", "um"})
"""Said before a sentence starts."""
IS_OR_DOES = BE | {"do", "does", "did"}
REFERRING = (
    ["based", "on"], ["going", "by"], ["judging", "by"], ["relative", "to"], ["according", "to"], ["depending", "on"],
    ["measured", "from"], ["with", "reference"], ["judged", "by"], ["due", "to"],
)  # fmt: skip
CALLING = word_set("call calls consider considers describe term deem name think label")
PASSIVE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
STAYS = word_set(
    "stand stands standing stood sit sits sitting sat seated parked stationed positioned located placed waiting "
    "kneeling crouching lie lying reclining leaning working cooking eating live"
)
FIXED = word_set(
    "mounted installed fixed bolted hung set docked perched planted plugged charging hanging resting posted based "
    "propped clamped put left kept held working living"
)
"""How a robot or a camera may be where it looks from, besides the ways people stay."""
TAKING = word_set(
    "parked placed positioned stationed put set left pulled moved drawn rolled wheeled mounted installed hung have has "
    "got had occupy occupying taken picked chosen built kept keep planted pitched docked propped fixed laid stood"
)
"""One has something where one is: "where i have parked MY WHEELCHAIR"."""
GAZES = word_set(
    "look looks looking face faces facing watch watching view viewing gaze gazing stare staring peer peering"
)
ADVERBS = word_set(
    "here there now currently just right over up down back still both all again out together opposite across "
    "straight directly away also"
)
PREPOSITIONS = word_set(
    "at on in by near opposite against to toward towards from with inside outside through into along next close "
    "across behind beside under before of over around onto"
)
ENDS = frozenset(
    {*v.ORDINALS, *v.POSITIONS, *v.SUPERLATIVES, *v.COPULAS, *v.COLOURS, *v.RELATIONS, *v.NEGATIONS, *v.LAST_WORDS}
    | {",", ".", "and", "so", "then", "but", "it", "its", "i", "you", "we", "what", "there", "far", "most", "to"}
)
LATERAL = frozenset(
    {"left", "right", "leftmost", "rightmost", "behind", "front", "back", "first", "last", "rear", "lhs", "rhs"}
    | {"second", "third", "fourth", "fifth", "nearest", "closest", "farthest", "furthest", "far"}
    | v.ORDINALS.keys()
)
SEATS = word_set(
    "chair seat couch sofa bed desk workbench bench spot stool window door doorway end corner station dock base "
    "wheelchair armchair workstation platform charger perch side position place stand post"
)
OTHERS = frozenset({"they", "he", "she", "someone", "somebody", "people"})
"""Nobody looks with their eyes; but they may have parked the robot somewhere."""
SHOES = word_set("seat place shoes spot position chair side boots stead skin perspective viewpoint eyes")
"""Whose these are, it is whose view is meant, whoever is told to take them: "if you were in MY SEAT"."""
COMPASS = word_set("north south east west forward forwards ahead inwards outwards downwards")
LENSES = frozenset({"camera", "cam", "lens", "webcam", "viewfinder", "cameras"})
SEEN = word_set("seen viewed looking watched observed judged judging taken described speaking watching")
POINTED_AT = word_set("me you it us them things this that")
