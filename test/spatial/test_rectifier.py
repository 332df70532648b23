"""Laws of the rectifier, on plain geometry: no models needed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tas_ros.language.query import (
    ObjectPhrase,
    Ordinal,
    Position,
    Query,
    Relation,
    RelationKind,
    Superlative,
    SuperlativeKind,
)
from tas_ros.spatial.geometry import Geometry
from tas_ros.spatial.rectifier import RectifierRule, rectify
from tas_ros.spatial.soft_rank import membership, soft_rank

CUBE = ObjectPhrase("cube", "cube")
MIRRORED_POSITION = {Position.LEFT: Position.RIGHT, Position.RIGHT: Position.LEFT}
MIRRORED_RELATION = {
    RelationKind.LEFT_OF: RelationKind.RIGHT_OF,
    RelationKind.RIGHT_OF: RelationKind.LEFT_OF,
}


def geometry(right, down, size=None, distance=None) -> Geometry:
    """Separate things of the given places, in a view of 1 x 0.75."""
    count = len(right)
    size = np.full(count, 0.08, np.float32) if size is None else np.asarray(size, np.float32)
    return Geometry(
        right=np.asarray(right, np.float32),
        down=np.asarray(down, np.float32),
        size=size,
        extent=np.stack([size / 2, size / 2], axis=1),
        tallness=size,
        nearness=np.asarray(down, np.float32) + size / 2 if distance is None else -np.asarray(distance, np.float32),
        overlap=np.eye(count, dtype=np.float32),
        view_centre=(0.5, 0.375),
    )


def mirrored(g: Geometry) -> Geometry:
    return replace(g, right=1.0 - g.right)


def total(query: Query, g: Geometry, probability, anchor=None) -> np.ndarray:
    factors = rectify(query, g, np.asarray(probability, np.float32), lambda _: np.asarray(anchor), RectifierRule())
    for name, factor in factors.items():
        assert factor.shape == g.right.shape, name
        assert (factor > 0).all() and (factor <= 1).all(), name
    return np.prod(np.stack([np.asarray(probability, np.float32), *factors.values()]), axis=0)


def query(**constraints) -> Query:
    return Query(text="x", expression="x", target=CUBE, **constraints)


ROW = geometry([0.2, 0.4, 0.6, 0.8], [0.4] * 4)


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ({"positions": (Position.LEFT,)}, 0),
        ({"positions": (Position.RIGHT,)}, 3),
        ({"superlatives": (Superlative(SuperlativeKind.LEFTMOST),)}, 0),
        ({"superlatives": (Superlative(SuperlativeKind.RIGHTMOST, rank=1),)}, 2),
        ({"ordinal": Ordinal(2)}, 1),
        ({"ordinal": Ordinal(1, Position.RIGHT)}, 3),
        ({"ordinal": Ordinal(3, Position.RIGHT)}, 1),
        ({"ordinal": Ordinal(-1)}, 3),
    ],
)
def test_order_along_a_row(constraints, expected):
    assert total(query(**constraints), ROW, [0.9] * 4).argmax() == expected


def test_positions_are_ranked_among_look_alikes_not_among_all_masks():
    # The leftmost thing is no cube: the leftmost cube is thing 1.
    assert total(query(superlatives=(Superlative(SuperlativeKind.LEFTMOST),)), ROW, [0.02, 0.9, 0.9, 0.9]).argmax() == 1
    assert total(query(ordinal=Ordinal(2)), ROW, [0.9, 0.02, 0.9, 0.9]).argmax() == 2


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SuperlativeKind.BIGGEST, 2),
        (SuperlativeKind.SMALLEST, 0),
        (SuperlativeKind.TALLEST, 2),
        (SuperlativeKind.CLOSEST, 1),
        (SuperlativeKind.FARTHEST, 2),
    ],
)
def test_measures_of_size_and_depth(kind, expected):
    g = geometry([0.2, 0.5, 0.8], [0.4] * 3, size=[0.05, 0.1, 0.2], distance=[1.0, 0.6, 1.5])
    assert total(query(superlatives=(Superlative(kind),)), g, [0.9] * 3).argmax() == expected


def test_relation_finds_its_anchor():
    # Two cubes (0, 3) and a laptop (2): the cube left of the laptop is 0, right of it is 3.
    cubes, laptop = [0.9, 0.05, 0.05, 0.9], np.float32([0.02, 0.02, 0.95, 0.02])
    laptop_phrase = ObjectPhrase("laptop", "laptop")
    for kind, expected in ((RelationKind.LEFT_OF, 0), (RelationKind.RIGHT_OF, 3)):
        assert total(query(relations=(Relation(kind, (laptop_phrase,)),)), ROW, cubes, laptop).argmax() == expected


@pytest.mark.parametrize(("side", "expected"), [(Position.LEFT, 0), (Position.RIGHT, 3)])
def test_an_anchor_has_a_place_of_its_own(side, expected):
    # Plates at 1 and 2, cubes at 0 and 3: "the cube next to the left plate".
    g = geometry([0.1, 0.2, 0.8, 0.9], [0.4] * 4)
    plates = np.float32([0.02, 0.9, 0.9, 0.02])
    asked = query(
        relations=(Relation(RelationKind.NEXT_TO, (ObjectPhrase("plate", "plate", positions=(side,)),)),),
    )
    assert total(asked, g, [0.9, 0.02, 0.02, 0.9], plates).argmax() == expected


def test_a_superlative_and_a_relation_both_count():
    # Method.md weakness 5: the released code lets one disable the other.
    g = geometry([0.1, 0.2, 0.5, 0.8, 0.9], [0.4] * 5)
    laptop = np.float32([0.02, 0.02, 0.95, 0.02, 0.02])
    asked = query(
        relations=(Relation(RelationKind.RIGHT_OF, (ObjectPhrase("laptop", "laptop"),)),),
        superlatives=(Superlative(SuperlativeKind.RIGHTMOST),),
    )
    assert total(asked, g, [0.9, 0.9, 0.05, 0.9, 0.9], laptop).argmax() == 4


def test_parts_of_one_thing_count_once():
    # 0 and 1 are a thing and its part, 2 and 3 further things: the second from the left is 2.
    g = geometry([0.2, 0.21, 0.5, 0.8], [0.4] * 4)
    g.overlap[0, 1] = g.overlap[1, 0] = 1.0
    assert total(query(ordinal=Ordinal(2)), g, [0.9, 0.8, 0.9, 0.9]).argmax() == 2


scenes = st.lists(
    st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.7), st.floats(0.05, 0.99)), min_size=2, max_size=12
)


@settings(deadline=None)
@given(
    scenes,
    st.sampled_from([{"positions": (p,)} for p in MIRRORED_POSITION] + [{"relations": r} for r in MIRRORED_RELATION]),
    st.data(),
)
def test_mirroring_the_view_and_swapping_the_words_changes_no_score(things, asked, data):
    right, down, probability = zip(*things, strict=True)
    g = geometry(right, down)
    anchor = np.float32(data.draw(st.lists(st.floats(0.05, 1), min_size=len(right), max_size=len(right))))
    if "positions" in asked:
        there, back = query(**asked), query(positions=tuple(MIRRORED_POSITION[p] for p in asked["positions"]))
    else:
        there = query(relations=(Relation(asked["relations"], (CUBE,)),))
        back = query(relations=(Relation(MIRRORED_RELATION[asked["relations"]], (CUBE,)),))
    np.testing.assert_allclose(
        total(there, g, probability, anchor), total(back, mirrored(g), probability, anchor), rtol=1e-3, atol=1e-5
    )


@settings(deadline=None)
@given(scenes, st.sampled_from(list(SuperlativeKind)), st.randoms(use_true_random=False))
def test_the_order_of_proposals_does_not_matter(things, kind, random):
    shuffled = list(things)
    random.shuffle(shuffled)
    asked = query(superlatives=(Superlative(kind),))

    def scores(rows):
        right, down, probability = zip(*rows, strict=True)
        return sorted(total(asked, geometry(right, down), probability))

    np.testing.assert_allclose(scores(things), scores(shuffled), rtol=1e-3, atol=1e-5)


def test_no_candidates():
    nothing = np.zeros(0, np.float32)
    assert membership(nothing, np.zeros((0, 0), np.float32)).shape == (0,)
    assert soft_rank(nothing, nothing, np.zeros((0, 0), np.float32), 0.1).shape == (0,)
