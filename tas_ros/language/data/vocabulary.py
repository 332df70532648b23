# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The one table of words the grammar knows. Data only; keys are lower-case words or space-joined word sequences."""

from __future__ import annotations

from tas_ros.language.data.noun_vocabulary import (
    ADJECTIVES,
    BODY,
    BUILT_IN,
    CLOTHES,
    COLOURS,
    COMMON_SLIPS,
    COMPOUNDS,
    FRUIT_COLOURS,
    FRUIT_COMPANY,
    HELD,
    KIN,
    PAIRED,
    PEOPLE,
    PLAIN_PEOPLE,
    SINGULAR_IN_S,
    THINGS,
    UNVERIFIED,
)
from tas_ros.language.data.relation_vocabulary import BESIDE_VERBS, FAR_FROM, INVERSE_WORDS, LONE_RELATIONS, RELATIONS
from tas_ros.language.data.verb_vocabulary import COPULAS, GAZING, LIKENING, LOOKING, PARTICLES, POSTURES
from tas_ros.language.data.word_sets import word_set
from tas_ros.language.query import Perspective, Position, SuperlativeKind

# Readers see one table; relations, names of things and verbs that place nothing fill files of their own.
__all__ = [
    "ADJECTIVES",
    "BESIDE_VERBS",
    "BODY",
    "BUILT_IN",
    "CLOTHES",
    "COLOURS",
    "COMMON_SLIPS",
    "COMPOUNDS",
    "COPULAS",
    "FAR_FROM",
    "FRUIT_COLOURS",
    "FRUIT_COMPANY",
    "GAZING",
    "HELD",
    "INVERSE_WORDS",
    "KIN",
    "LIKENING",
    "LONE_RELATIONS",
    "LOOKING",
    "PAIRED",
    "PARTICLES",
    "PEOPLE",
    "PLAIN_PEOPLE",
    "POSTURES",
    "RELATIONS",
    "SINGULAR_IN_S",
    "THINGS",
    "UNVERIFIED",
]


POSITIONS: dict[str, Position] = {
    **dict.fromkeys(word_set("left lefthand lft leftside leftward lhs"), Position.LEFT),
    **dict.fromkeys(word_set("right righthand rt rgt rightside rightward rhs"), Position.RIGHT),
    **dict.fromkeys(word_set("top upper uppermost tp"), Position.TOP),
    **dict.fromkeys(word_set("bottom lower btm bottm botom"), Position.BOTTOM),
    **dict.fromkeys(word_set("middle mid center centre central centered mddle"), Position.MIDDLE),
    **dict.fromkeys(word_set("front foreground foregrounds foregound"), Position.FRONT),
    **dict.fromkeys(word_set("back rear background backgrounds distance backround bkgd"), Position.BACK),
    "corner": Position.CORNER,
}
# Verb particles and postpositions that place a thing only where nothing follows them ("the guy up front" aside).
END_POSITIONS: dict[str, Position] = {"near": Position.FRONT, "far": Position.BACK, "close": Position.FRONT}
POSITION_PAIRS: dict[tuple[str, str], Position] = {
    **dict.fromkeys((("up", "high"), ("high", "up"), ("way", "high")), Position.TOP),
    **dict.fromkeys((("down", "low"), ("low", "down")), Position.BOTTOM),
    ("far", "away"): Position.BACK,
}

# Nouns that only carry a position: "left SIDE", "bottom CORNER AREA", "middle ROW".
PLACE_NOUNS = word_set(
    "side sides edge hand part portion half end area section corner position spot row column line quarter quadrant "
    "place sid direction"
)
# What a position is relative to when it is the whole view: never an anchor.
VIEW_NOUNS = word_set(
    "picture pic pics photo photograph image img frame screen view scene shot snapshot camera room group bunch set "
    "row line column stack pile crowd lot all display picture's photo's pict focus sight"
)
IMAGE_NOUNS = word_set("picture pic pics photo photograph image img frame screen shot snapshot feed footage video")
# What they are of is shown, not there: "picture of a man".
DEPICTIONS = word_set(
    "picture image photo photograph outline reflection shadow statue drawing painting poster silhouette portrait"
)
# Things whose left and top are places on them: "the cup on the left of the table" stands on the table.
SURFACES = word_set(
    "table desk shelf counter floor bed tray bench wall board rack stove mat carpet rug countertop worktop"
)
# What a picture is taken into, so that it fills the view or is cut off by it, and is hardly ever outlined as a thing.
SURROUNDINGS = SURFACES | word_set(
    "ground tabletop workbench sink basin bin tote drawer crate cabinet cupboard fridge refrigerator oven closet"
)
# Seats are stood beside more often than things are put on one half of them.
SEATS = word_set("bench bed couch sofa chair")

SUPERLATIVES: dict[str, SuperlativeKind] = {
    **dict.fromkeys(word_set("leftmost leftest"), SuperlativeKind.LEFTMOST),
    **dict.fromkeys(word_set("rightmost rightest"), SuperlativeKind.RIGHTMOST),
    **dict.fromkeys(word_set("highest topmost higher uppermost"), SuperlativeKind.HIGHEST),
    **dict.fromkeys(word_set("lowest bottommost"), SuperlativeKind.LOWEST),
    **dict.fromkeys(
        word_set("closest nearest closer nearer frontmost foremost closet closets closes closees closests nearst"),
        SuperlativeKind.CLOSEST,
    ),
    **dict.fromkeys(
        word_set("farthest furthest farther further backmost rearmost fartherest furtherest remotest"),
        SuperlativeKind.FARTHEST,
    ),
    **dict.fromkeys(
        word_set("biggest largest bigger larger hugest fattest widest greatest fatter wider"), SuperlativeKind.BIGGEST
    ),
    **dict.fromkeys(word_set("smallest littlest tiniest smaller tinier slimmest narrowest"), SuperlativeKind.SMALLEST),
    **dict.fromkeys(word_set("tallest taller longest longer"), SuperlativeKind.TALLEST),
    **dict.fromkeys(word_set("shortest shorter"), SuperlativeKind.SHORTEST),
}
# Plain size words contrast a thing with its like, so they rank as well; the word also stays an attribute.
SIZE_WORDS: dict[str, SuperlativeKind] = {
    **dict.fromkeys(word_set("big large huge giant gigantic"), SuperlativeKind.BIGGEST),
    **dict.fromkeys(word_set("small little tiny mini smal"), SuperlativeKind.SMALLEST),
    "tall": SuperlativeKind.TALLEST,
    "short": SuperlativeKind.SHORTEST,
}
# With "most" beside it a position is an extreme: "left most", "most right", "top most".
EXTREMES: dict[Position, SuperlativeKind] = {
    Position.LEFT: SuperlativeKind.LEFTMOST,
    Position.RIGHT: SuperlativeKind.RIGHTMOST,
    Position.TOP: SuperlativeKind.HIGHEST,
    Position.BOTTOM: SuperlativeKind.LOWEST,
    Position.FRONT: SuperlativeKind.CLOSEST,
    Position.BACK: SuperlativeKind.FARTHEST,
}
# "most X", "X est" spoken apart.
MOST_ADJECTIVES: dict[str, SuperlativeKind] = {
    "close": SuperlativeKind.CLOSEST,
    "near": SuperlativeKind.CLOSEST,
    "forward": SuperlativeKind.CLOSEST,
    "far": SuperlativeKind.FARTHEST,
    "distant": SuperlativeKind.FARTHEST,
}
COUNT_WORDS: dict[str, int] = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "both": 2, "2": 2, "3": 3, "4": 4}
ORDINALS: dict[str, int] = {
    word: index
    for index, words in enumerate(
        (
            "first 1st",
            "second 2nd 2d secind secound",
            "third 3rd thrid",
            "fourth 4th forth",
            "fifth 5th",
            "sixth 6th",
            "seventh 7th",
            "eighth 8th",
            "ninth 9th",
            "tenth 10th",
        ),
        1,
    )
    for word in words.split()
}
LAST_WORDS = word_set("last final penultimate")
# Lines of an arrangement, and whether they run up and down (columns, counted sideways).
LINES: dict[str, bool] = {"row": False, "rows": False, "line": False, "column": True, "col": True}
NUMBERS: dict[str, int] = {
    word: i for i, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
} | {str(i): i for i in range(1, 21)}

NEGATIONS = word_set(
    "not no without w/o except excluding isnt isn't doesnt ain't never neither nor dont don't aint non "
    "missing lacking minus"
)
ABSENCES = word_set("no without missing lacking minus")

PERSPECTIVES: dict[str, Perspective] = {
    **dict.fromkeys(("my", "mine", "me", "i", "our", "speaker", "user", "operator", "myself"), Perspective.SPEAKER),
    **dict.fromkeys(("your", "yours", "you", "robot", "ur", "gripper", "manipulator", "yourself"), Perspective.ROBOT),
    **dict.fromkeys(("camera", "viewer"), Perspective.CAMERA),
    **dict.fromkeys(tuple(IMAGE_NOUNS), Perspective.IMAGE),
}
VIEWPOINT_NOUNS = word_set(
    "side view viewpoint perspective position standpoint angle pov eyes seat place end spot vantage"
)
# Who the nearness of "closest to ..." is measured from: the view itself.
VIEWERS = word_set("us me camera viewer you robot screen lens front picture")


# Heads that name no kind of thing.
EMPTY_HEADS = word_set("one ones 1 thing things object objects item items stuff something anything whatever")
PRONOUNS = word_set(
    "it him her them he she they this that these those me you us everything everyone nothing myself itself i we"
)
ARTICLES = frozenset({"the", "a", "an"})
# Skipped wherever they stand.
DETERMINERS = word_set("the a an this that these those his her its their my your our some any teh thee da th")
FILLERS = word_set(
    "um uh er erm hmm like lol oops please pls kindly sorry ok okay actually basically just directly very really "
    "quite slightly only immediately all way mostly clearly totally sort kinda almost pretty too also well there here "
    "over exactly somewhat yesterday earlier halfway midway roughly approximately click clearly barely hardly nearly "
    "partly partially both either diagonally"
)

SPELLING_ANCHORS = frozenset(
    word
    for word in {
        *POSITIONS, *SUPERLATIVES, *SIZE_WORDS, *ORDINALS, *COLOURS, *CLOTHES, *PEOPLE, *VIEW_NOUNS, *PLACE_NOUNS,
        *COUNT_WORDS,
        *(part for phrase in RELATIONS for part in phrase.split()),
    }
    if len(word) >= 4
)  # fmt: skip
"""Words that a misspelt word may be corrected to."""
AFTER_NOUN = frozenset(
    {*POSITIONS, *SUPERLATIVES, *(p.split()[0] for p in RELATIONS), *NEGATIONS, *COPULAS, "and", "closest", "on", "to"}
    | {",", ".", "from", "farthest", "next", "far", "of"}
)
SHORT_WORDS = word_set("on in at to of by the far top red tan with from face")
"""Besides SPELLING_ANCHORS, what a side may be glued to: "onleft", "farright"."""
KNOWN_WORDS = frozenset(
    {
        *COPULAS,
        *FILLERS,
        *DETERMINERS,
        *PRONOUNS,
        *NEGATIONS,
        *EMPTY_HEADS,
        *VIEWPOINT_NOUNS,
        *BODY,
        *LOOKING,
        *POSTURES,
        *ADJECTIVES,
    }
)
