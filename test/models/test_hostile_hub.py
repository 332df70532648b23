# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A hub that lies, through the real client: nothing leaves the model's folder, nothing false is believed."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tas_ros.models.hub import _BoundedFile, _TooMuchError
from tas_ros.models.manifest import MANIFEST_NAME

REPOSITORY = "facebook/sam2.1-hiera-tiny"
MODEL = "sam2.1-hiera-tiny"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
SAM = "ybelkada/segment-anything"
SAM_FILE = "checkpoints/sam_vit_b_01ec64.pth"
SAM_SHA256 = "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912"
EVIL = b"not of this folder"


def entry(info: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in info["siblings"] if each["rfilename"] == name)


def listed(name: object, content: bytes = EVIL) -> dict[str, Any]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    return {"rfilename": name, "size": len(content), "blobId": blob}


@pytest.fixture
def shards(hub) -> None:
    """The model comes in shards, and the hub sends something for any name."""
    files = hub.repositories[REPOSITORY]
    files[INDEX] = b'{"weight_map": {"a": "model-00001-of-00001.safetensors"}}'
    files["model-00001-of-00001.safetensors"] = files.pop(WEIGHTS)
    hub.whatever_else = EVIL


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize(
    "name",
    ["../escaped-1-of-1.safetensors", "{tmp}/escaped-1-of-1.safetensors", "a/../../../escaped-1-of-1.safetensors",
     "..\\escaped-1-of-1.safetensors", "C:escaped-1-of-1.safetensors", "./escaped-1-of-1.safetensors"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(tas, hub, tmp_path: Path, name: str) -> None:
    name = name.replace("{tmp}", str(tmp_path))
    hub.alter = lambda info: info["siblings"].append(listed(name))
    refused = tas("fetch", MODEL, "--yes")
    assert refused.returncode == 2, refused.stderr
    assert "refused" in refused.stderr and "escaped-1-of-1" in refused.stderr and "HF_ENDPOINT" in refused.stderr
    assert hub.downloads() == []
    assert list(tmp_path.rglob("*escaped*")) == []


@pytest.mark.usefixtures("shards")
@pytest.mark.parametrize("name", ["below/model-1-of-1.safetensors", ".hidden-1-of-1.safetensors", MANIFEST_NAME])
def test_what_is_no_file_of_the_model_is_not_fetched(tas, hub, name: str) -> None:
    hub.alter = lambda info: info["siblings"].append(listed(name))
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    assert hub.downloads(name) == []
    assert tas("verify", MODEL).returncode == 0


def size(value: object) -> Callable[[dict[str, Any]], object]:
    return lambda info: entry(info, "config.json").update(size=value)


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "negative size": (size(-1), "config.json has a size of -1"),
    "size in words": (size("12"), "config.json has a size of '12'"),
    "a fraction of a byte": (size(0.5), "config.json has a size of 0.5"),
    "true bytes": (size(True), "config.json has a size of True"),
    "no size": (size(None), "config.json has a size of None"),
    "absurd size": (size(10**18), "the model has about 156000000"),
    "empty name": (lambda info: info["siblings"].append(listed("")), "is no name"),
    "number for a name": (lambda info: info["siblings"].append(listed(7)), "is no name"),
    "NUL in a name": (lambda info: info["siblings"].append(listed("a\0.json")), "cannot be shown"),
    "colours in a name": (lambda info: info["siblings"].append(listed("\x1b[31ma.json")), "cannot be shown"),
    "half a letter": (lambda info: info["siblings"].append(listed("\ud800.json")), "cannot be shown"),
    "long name": (lambda info: info["siblings"].append(listed("a" * 300 + ".json")), "is too long"),
    "the same name twice": (lambda info: info["siblings"].append(listed("config.json")), "is there twice"),
    "thousands of files": (
        lambda info: info["siblings"].extend(listed(f"{number}.json") for number in range(5000)), "no single model",
    ),
    "hash that is none": (lambda info: entry(info, WEIGHTS)["lfs"].update(sha256="../" * 10), "hash that is none"),
    "short hash": (lambda info: entry(info, "config.json").update(blobId="abc"), "hash that is none"),
    "commit that is none": (lambda info: info.update(sha="../../main"), "is no commit"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_no_honest_hub_states_is_refused_before_anything_is_written(tas, hub, kind: str) -> None:
    hub.alter, reason = HOSTILE[kind]
    refused = tas("fetch", MODEL, "--yes")
    assert refused.returncode == 2, refused.stderr
    assert "refused" in refused.stderr and reason in refused.stderr
    assert "Traceback" not in refused.stderr and "\x1b" not in refused.stderr
    assert hub.downloads() == []
    assert not tas.models_dir.exists()


def test_a_licence_cannot_steer_the_terminal(tas, hub) -> None:
    hub.licence = "mit\x1b]0;pwned\x07" + "x" * 10_000
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    assert "hub: mit?]0;pwned?" in done.stderr and "\x1b" not in done.stderr and len(done.stderr) < 5000


def test_a_content_other_than_the_known_one_is_refused_before_it_comes(tas, hub) -> None:
    hub.repositories[SAM] = {SAM_FILE: b"not SAM" * 1000}
    wrong = tas("fetch", "sam-vit-b", "--yes")
    assert wrong.returncode == 2
    assert f"states another content of {SAM_FILE} than the catalogue knows" in wrong.stderr
    assert hub.downloads() == []


@pytest.mark.parametrize("stated", ["the known hash", "none"])
def test_a_known_hash_is_held_against_what_came(tas, hub, stated: str) -> None:
    hub.repositories[SAM] = {SAM_FILE: b"not SAM" * 1000}

    def lie(info: dict[str, Any]) -> None:
        if stated == "none":
            del entry(info, SAM_FILE)["lfs"], entry(info, SAM_FILE)["blobId"]
        else:
            entry(info, SAM_FILE)["lfs"]["sha256"] = SAM_SHA256.upper()

    hub.alter = lie
    wrong = tas("fetch", "sam-vit-b", "--yes")
    assert wrong.returncode == 2
    assert SAM_FILE in wrong.stderr and "arrived damaged" in wrong.stderr
    assert not (tas.models_dir / "sam-vit-b" / SAM_FILE).exists()


def test_another_file_does_not_pass_for_the_known_one(tas, hub) -> None:
    hub.repositories[SAM] = {"checkpoints/my_vit_b.pth": b"not SAM" * 1000}
    wrong = tas("fetch", "sam-vit-b", "--yes")
    assert wrong.returncode == 2
    assert "has no file" in wrong.stderr and SAM_FILE in wrong.stderr
    assert hub.downloads() == []


def test_a_server_that_sends_more_than_the_hub_stated_does_not_fill_the_disk(tas, hub) -> None:
    right = hub.repositories[REPOSITORY][WEIGHTS]
    hub.served_instead[WEIGHTS] = right * 30
    refused = tas("fetch", MODEL, "--yes")
    assert refused.returncode == 2
    assert WEIGHTS in refused.stderr and f"more comes than the {len(right)} bytes" in refused.stderr
    left = [path for path in tas.models_dir.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in left) < 100, left
    hub.served_instead.clear()
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert (tas.models_dir / MODEL / WEIGHTS).read_bytes() == right


def test_a_partial_file_takes_no_byte_beyond_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "partial"
    path.write_bytes(b"12345")
    with _BoundedFile(path, 10) as stream:
        stream.write(b"678")
        with pytest.raises(_TooMuchError):
            stream.write(b"9ab")
        stream.write(b"9a")
    assert path.read_bytes() == b"123456789a"


@pytest.mark.parametrize("name", ["config.json", ".partial", f".{MANIFEST_NAME}.part", MANIFEST_NAME])
def test_links_out_of_the_folder_are_not_followed(tas, hub, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    if name == ".partial":
        outside.mkdir()
        hub.down_after_drop, hub.drop_after[WEIGHTS] = True, 10
    else:
        outside.write_text('{"of": "somebody else"}')
    (tas.models_dir / MODEL).mkdir(parents=True)
    (tas.models_dir / MODEL / name).symlink_to(outside)
    refused = tas("fetch", MODEL, "--yes")
    assert "Traceback" not in refused.stderr
    if name == MANIFEST_NAME:  # it is replaced, not followed
        assert refused.returncode == 0, refused.stderr
        assert not (tas.models_dir / MODEL / name).is_symlink()
    else:
        assert refused.returncode == 2
        assert f"is a link that leads out of {tas.models_dir / MODEL}" in refused.stderr
    assert list(outside.iterdir()) == [] if outside.is_dir() else "somebody else" in outside.read_text()


def test_a_link_in_a_circle_is_told(tas) -> None:
    (tas.models_dir / MODEL).mkdir(parents=True)
    (tas.models_dir / MODEL / "config.json").symlink_to("config.json")
    refused = tas("fetch", MODEL, "--yes")
    assert refused.returncode == 2
    assert str(tas.models_dir / MODEL / "config.json") in refused.stderr and "Traceback" not in refused.stderr


def test_the_models_folder_itself_may_be_a_link(tas, tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    tas.models_dir.mkdir()
    (tas.models_dir / MODEL).symlink_to(tmp_path / "large disk")
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "large disk" / WEIGHTS).is_file()
    assert tas("verify", MODEL).returncode == 0
