"""Words and word sequences that relate a thing to another. Data only; read through `vocabulary`."""

from __future__ import annotations

from tas_ros.language.query import Position, RelationKind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Longest match first. Values: the relation and whether it is negated.
RELATIONS: dict[str, RelationKind] = {
    **dict.fromkeys(
        ("on", "onto", "upon", "on top of", "atop", "ontop of", "sitting atop", "riding", "riding on", "ontop"),
        RelationKind.ON,
    ),
    **dict.fromkeys(("in", "inside", "inside of", "within", "into"), RelationKind.IN),
    **dict.fromkeys(("above", "over", "higher than", "up from"), RelationKind.ABOVE),
    **dict.fromkeys(
        ("below", "under", "underneath", "beneath", "lower than", "underneath of", "undr"), RelationKind.BELOW
    ),
    **dict.fromkeys(
        (
            "next to",
            "nxt to",
            "next too",
            "beside",
            "besides",
            "near",
            "near to",
            "by",
            "close to",
            "alongside",
            "adjacent to",
            "against",
            "touching",
            "at",
            "around",
            "nearby",
            "near by",
            "nexto",
            "besid",
            "along",
            "closer to",
            "nearer to",
            "right by",
            "across from",
            "opposite",
            "opposite of",
            "opposite to",
            "towards",
            "toward",
        ),
        RelationKind.NEXT_TO,
    ),
    **dict.fromkeys(("in front of", "infront of", "ahead of", "before", "in front off"), RelationKind.IN_FRONT_OF),
    **dict.fromkeys(("behind", "in back of", "in the back of", "beyond", "past"), RelationKind.BEHIND),
    **dict.fromkeys(("between", "in between", "inbetween", "amid", "among", "amongst"), RelationKind.BETWEEN),
    **dict.fromkeys(
        (
            "with",
            "w",
            "wth",
            "holding",
            "wearing",
            "carrying",
            "having",
            "has",
            "got",
            "have",
            "had",
            "eating",
            "contains",
            "contain",
            "holds",
            "wears",
            "containing",
            "drinking",
            "reading",
            "swinging",
            "using",
            "pulling",
            "pushing",
            "feeding",
            "petting",
            "hugging",
            "cutting",
            "hitting",
            "throwing",
            "showing",
            "weraing",
            "wering",
            "holdin",
            "waering",
            "full of",
            "filled with",
            "covered in",
            "covered with",
            "covered by",
            "dressed in",
            "clad in",
        ),
        RelationKind.WITH,
    ),
    **dict.fromkeys(("left of", "left to", "to left of"), RelationKind.LEFT_OF),
    **dict.fromkeys(("right of", "right to"), RelationKind.RIGHT_OF),
}
# A relation whose other thing is not said ("the tables behind") still places the thing.
LONE_RELATIONS: dict[RelationKind, Position] = {
    RelationKind.BEHIND: Position.BACK,
    RelationKind.IN_FRONT_OF: Position.FRONT,
    RelationKind.BELOW: Position.BOTTOM,
    RelationKind.ABOVE: Position.TOP,
    RelationKind.BETWEEN: Position.MIDDLE,
}
# The same relation seen from the other thing: "the chair the girl sits on" is below the girl.
INVERSE_WORDS: dict[RelationKind, str] = {
    RelationKind.ON: "below",
    RelationKind.IN: "with",
    RelationKind.ABOVE: "below",
    RelationKind.BELOW: "above",
    RelationKind.BEHIND: "before",
    RelationKind.IN_FRONT_OF: "behind",
    RelationKind.NEXT_TO: "beside",
    RelationKind.WITH: "beside",
}
FAR_FROM = (
    "far from", "away from", "far away from", "apart from", "nowhere near", "nowhere near to", "nowhere close to",
    "well away from", "distant from", "clear of", "a long way from", "not anywhere near",
)  # fmt: skip
BESIDE_VERBS = _words("in on at by near with over under above below behind")
