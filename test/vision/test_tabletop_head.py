"""The tabletop head with its real weights, on the demo's recording (which it was not trained on) and on photos."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from tas_ros.demo.recording import BAG, View, load_views
from tas_ros.errors import ModelError
from tas_ros.vision.encoders import tabletop_head
from tas_ros.vision.encoders.class_names import CLASS_COUNT, known_classes, tabletop_classes, vocabulary
from tas_ros.vision.encoders.tabletop_head import TabletopHead
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.weights import PackagedWeights

KINDS = [kind.names[0] for kind in tabletop_classes()]
ACCEPTED = {
    "cube": {"cube", "box"},
    "mug": {"mug", "cup"},
    "duck": {"duck"},
    "ball": {"ball", "soccer ball"},
    "bear": {"teddy bear"},
    "bunny": {"rabbit"},
    "brick": {"lego brick"},
    "can": {"can"},
    "bottle": {"bottle"},
    "bread": {"bread"},
    "box": {"cereal box", "box"},
    "cylinder": {"cylinder", "can"},
}
"""Kinds that rightly name an object of the recording, by the last word of its name there."""


@pytest.fixture(scope="module")
def rendered_views() -> list[View]:
    """The recording's frames."""
    if not BAG.is_dir():
        pytest.skip("the demo's recording is not in this checkout")
    return [view for view in load_views() if view.viewpoint != "photo"]


def _kind_probabilities(encoder, rgb: NDArray[np.uint8], masks: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(N, K) mean over the views."""
    given = Proposals(masks, np.ones(len(masks), np.float32))
    return encoder.class_probabilities(rgb, given).mean(axis=0)[:, CLASS_COUNT:]


def test_the_table_of_kinds_is_sound() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert known_classes()[CLASS_COUNT:] == tabletop_classes()
    assert {"cube", "block", "box", "duck", "can", "lego brick", "bunny"} <= set(vocabulary())
    assert all(word == word.strip() and word for kind in tabletop_classes() for word in kind.names + kind.common_nouns)


def test_things_of_the_recording_are_named(encoder, rendered_views) -> None:
    right, wrong = 0, []
    for view in rendered_views:
        masks = np.stack([view.labels == number for number in view.names.values()])
        best = _kind_probabilities(encoder, view.rgb, masks).argmax(axis=1)
        for name, kind in zip(view.names, best, strict=True):
            if KINDS[kind] in ACCEPTED[name.split()[-1]]:
                right += 1
            else:
                wrong.append((view.scene, name, KINDS[kind]))
    assert right >= 0.85 * (right + len(wrong)), wrong


def test_a_cube_is_a_cube_in_words_too(encoder, rendered_views) -> None:
    nouns = ["mug", "cube", "duck", "ball", "bottle", "laptop", "banana", "face powder", "band aid"]
    texts = encoder.encode_texts(nouns)
    for view in rendered_views:
        for name, number in view.names.items():
            noun = name.split()[-1]
            if noun in ("cube", "duck"):
                given = Proposals((view.labels == number)[None], np.ones(1, np.float32))
                feature = encoder.encode_regions(view.rgb, given).mean(axis=0)[0]
                assert nouns[int((texts @ feature).argmax())] == noun, (view.scene, view.viewpoint, name)


@pytest.mark.parametrize("picture", ["chelsea", "rocket"])
def test_pieces_of_a_real_photo_get_no_kind(encoder, picture: str) -> None:
    rgb = getattr(data, picture)()
    height, width = rgb.shape[:2]
    random = np.random.default_rng(0)
    masks = np.zeros((24, height, width), np.bool_)
    for mask in masks:
        y, x = random.integers(0, height - 40), random.integers(0, width - 40)
        mask[y : y + random.integers(40, height // 2), x : x + random.integers(40, width // 2)] = True
    named = _kind_probabilities(encoder, rgb, masks).sum(axis=1)
    assert (named < 0.5).mean() >= 0.9, named
    assert named.mean() < 0.2


@pytest.fixture
def copied_head(tmp_path, monkeypatch):
    """A package of another name that holds a copy of the head."""
    folder = tmp_path / "copied_head_package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    shutil.copy(tabletop_head.WEIGHTS.verified(), folder / "head.npz")
    monkeypatch.syspath_prepend(str(tmp_path))
    return PackagedWeights(folder.name, "head.npz", tabletop_head.WEIGHTS.sha256, "."), folder / "head.npz"


def test_an_altered_head_is_refused(copied_head) -> None:
    weights, path = copied_head
    TabletopHead(weights)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"head\.npz are altered"):
        TabletopHead(weights)


def test_a_head_of_other_kinds_is_refused(copied_head) -> None:
    import hashlib

    weights, path = copied_head
    np.savez(path, weight=np.zeros((3, 2560), np.float16), bias=np.zeros(3, np.float16))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ModelError, match=rf"names {len(KINDS)} kinds; train it anew"):
        TabletopHead(PackagedWeights(weights.package, weights.file, digest, "."))
