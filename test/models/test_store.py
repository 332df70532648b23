# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where models are looked for, and what is said when they are not there."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CATALOGUE
from tas_ros.models.fetch import verify_model
from tas_ros.models.manifest import MANIFEST_NAME, FileRecord, Manifest
from tas_ros.models.store import ModelStore

MODEL = "sam2.1-hiera-tiny"


def _put(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or ("config.json", "model.safetensors", "preprocessor_config.json"):
        (folder / name).write_bytes(b"{}")
    return folder


def test_the_given_folder_wins_over_the_environment_over_the_home(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAS_ROS_MODELS", str(tmp_path / "environment"))
    store = ModelStore(tmp_path / "given")
    for root in (own_home / ".cache" / "tas_ros" / "models", tmp_path / "environment", tmp_path / "given"):
        folder = _put(root / MODEL)
        assert store.require(MODEL) == folder
    assert store.directory == tmp_path / "given"
    assert ModelStore().directory == tmp_path / "environment"


def test_a_user_without_a_home_still_has_the_other_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")

    def unknown_user(uid: int) -> None:  # as in a container started with a bare number for its user
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown_user)
    with suppress(ImportError):
        from huggingface_hub import constants

        monkeypatch.setattr(constants, "HF_HUB_CACHE", "~/.cache/huggingface/hub")  # its default
    folder = _put(tmp_path / MODEL)
    assert ModelStore(tmp_path).require(MODEL) == folder
    with pytest.raises(ModelError, match="is missing"):
        ModelStore().require(MODEL)
    with pytest.raises(ModelError, match="--models-dir"):
        _ = ModelStore().directory


def test_an_incomplete_folder_does_not_hide_a_complete_one(tmp_path: Path, own_home: Path) -> None:
    _put(tmp_path / MODEL, "config.json")
    complete = _put(own_home / ".cache" / "tas_ros" / "models" / MODEL)
    assert ModelStore(tmp_path).require(MODEL) == complete


def test_a_missing_model_names_every_place_and_the_cure(tmp_path: Path, own_home: Path) -> None:
    given = tmp_path / "my models"
    with pytest.raises(ModelError) as error:
        ModelStore(given).require(MODEL, fetch="realtime")
    message = str(error.value)
    assert f"model {MODEL} is missing" in message
    assert f"{given / MODEL} does not exist" in message
    assert f"{own_home / '.cache/tas_ros/models' / MODEL} does not exist" in message
    assert f"run: tas models fetch realtime --models-dir '{given}'" in message
    if "huggingface_hub" in sys.modules:
        assert str(tmp_path / "hub" / "models--facebook--sam2.1-hiera-tiny") in message


@pytest.mark.parametrize("lacking", ["config.json", "model.safetensors", "preprocessor_config.json"])
def test_an_incomplete_model_is_told_from_a_missing_one(tmp_path: Path, lacking: str) -> None:
    folder = _put(tmp_path / MODEL)
    (folder / lacking).unlink()
    with pytest.raises(ModelError) as error:
        ModelStore(tmp_path).require(MODEL)
    assert f"model {MODEL} is incomplete" in str(error.value)
    assert f"{folder} lacks {lacking}" in str(error.value)


def test_a_shard_that_has_not_come_is_named(tmp_path: Path) -> None:
    folder = _put(tmp_path / "blip2-opt-2.7b", "config.json", "preprocessor_config.json", "tokenizer.json")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    (folder / shards["a"]).write_bytes(b"")
    with pytest.raises(ModelError, match=r"lacks model-00002-of-00002\.safetensors"):
        ModelStore(tmp_path).require("blip2-opt-2.7b")
    (folder / shards["b"]).write_bytes(b"")
    assert ModelStore(tmp_path).require("blip2-opt-2.7b") == folder


def test_a_file_of_another_size_than_recorded_is_refused(tmp_path: Path) -> None:
    folder = _put(tmp_path / MODEL)
    Manifest(MODEL, files={"model.safetensors": FileRecord(1000, "")}).write(folder)
    with pytest.raises(ModelError, match=r"model\.safetensors has 2 bytes instead of the recorded 1000"):
        ModelStore(tmp_path).require(MODEL)
    (folder / MANIFEST_NAME).write_text("{")
    with pytest.raises(ModelError, match="damaged"):
        ModelStore(tmp_path).require(MODEL)


@pytest.mark.parametrize(
    "name", ["../secret", "/{tmp}/secret", "a/../../secret", "..\\secret", "", "a\0b", "link", "linked/secret"]
)
def test_a_manifest_names_nothing_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"{}")
    folder = _put(tmp_path / MODEL)
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    name = name.replace("{tmp}", str(tmp_path).lstrip("/"))
    Manifest(MODEL, files={name: FileRecord(2, "0" * 64)}).write(folder)
    with pytest.raises(ModelError, match=r"cannot be trusted.*(nothing is read|leads out)"):
        ModelStore(tmp_path).require(MODEL)
    read: list[str] = []
    store = ModelStore(tmp_path)
    failed, said = verify_model(CATALOGUE[MODEL], store.look_for(CATALOGUE[MODEL])[0], False, read.append)
    assert failed and len(said) == 1 and "altered" not in said[0]
    assert read == []


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"model": "", "repository": "", "commit": "", "files": {"a": {"size": Infinity, "sha256": ""}}}',
     '{"files": []}', " " * (17 << 20)],
    ids=["bottomless", "endless size", "a list", "too long"],
)  # fmt: skip
def test_a_manifest_that_cannot_be_read_is_damaged(tmp_path: Path, text: str) -> None:
    (_put(tmp_path / MODEL) / MANIFEST_NAME).write_text(text)
    with pytest.raises(ModelError, match=r"cannot be trusted.*damaged"):
        ModelStore(tmp_path).require(MODEL)


def test_a_link_to_a_file_elsewhere_serves_but_is_not_vouched_for(tmp_path: Path) -> None:
    """A person may keep weights on another disk; a manifest speaks of its own folder alone."""
    folder = _put(tmp_path / MODEL)
    (folder / "model.safetensors").replace(tmp_path / "elsewhere")
    (folder / "model.safetensors").symlink_to(tmp_path / "elsewhere")
    store = ModelStore(tmp_path)
    assert store.require(MODEL) == folder
    failed, (said,) = verify_model(
        CATALOGUE[MODEL], store.look_for(CATALOGUE[MODEL])[0], record=True, on_step=lambda _: None
    )
    assert failed and "leads out" in said
    assert not (folder / MANIFEST_NAME).exists()


@pytest.mark.parametrize(
    ("weight_map", "said"),
    [
        ({"a": "../../secret.safetensors"}, "'../../secret.safetensors', which leads out"),
        ({"a": "/etc/passwd"}, "'/etc/passwd', which leads out"),
        ({"a": 7}, "7, which is no name"),
        ({"a": {}}, "unreadable"),
        (["model.safetensors"], "unreadable"),
        ({str(number): f"{number}.safetensors" for number in range(1000)}, "and 990 more"),
    ],
)
def test_an_index_of_shards_names_nothing_outside_of_its_folder(tmp_path: Path, weight_map: object, said: str) -> None:
    (tmp_path / "secret.safetensors").touch()
    folder = _put(tmp_path / MODEL, "config.json", "preprocessor_config.json")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    with pytest.raises(ModelError) as error:
        ModelStore(tmp_path).require(MODEL)
    assert said in str(error.value) and len(str(error.value)) < 2000
    index.write_text("[" * 100_000)
    with pytest.raises(ModelError, match="unreadable"):
        ModelStore(tmp_path).require(MODEL)


@pytest.mark.parametrize("what", ["a file", "a file below", "a dangling link", "a link in a circle", "a long name"])
def test_a_folder_of_models_that_is_none_is_told_and_hides_no_other(tmp_path: Path, own_home: Path, what: str) -> None:
    models = tmp_path / "models"
    if what == "a long name":
        models = tmp_path / ("m" * 300)
    elif what == "a file below":
        models.mkdir()
        (models / MODEL).touch()
    elif what == "a file":
        models.touch()
    else:
        models.symlink_to("models" if what == "a link in a circle" else "nowhere")
    with pytest.raises(ModelError) as error:
        ModelStore(models).require(MODEL)
    assert f"{models / MODEL} " in str(error.value) and "tas models fetch" in str(error.value)
    with pytest.raises(ModelError, match="my_own"):
        ModelStore(models).require("my_own")
    complete = _put(own_home / ".cache" / "tas_ros" / "models" / MODEL)
    assert ModelStore(models).require(MODEL) == complete


LOOK = """
import os, sys
from pathlib import Path
from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CATALOGUE
from tas_ros.models.fetch import require_space, verify_model
from tas_ros.models.listing import HubFile, Listing
from tas_ros.models.store import ModelStore

models, model = Path(sys.argv[1]), CATALOGUE[sys.argv[2]]
ModelStore(models.parent / "warm").look_for(model)  # imports what is imported late: Python itself may be root's alone
if os.geteuid() == 0:  # nothing is unreadable for root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
store = ModelStore(models)
listing = Listing(model, "0" * 40, "mit", (HubFile("config.json", 2, "", ""),))
for act in (
    lambda: store.require(model.name),
    lambda: store.require("my_own"),
    lambda: require_space([listing], models),
    lambda: print("told:", verify_model(model, store.look_for(model)[0], False, print)),
):
    try:
        act()
    except ModelError as error:
        print("told:", error)
"""


@pytest.mark.parametrize("closed", [".", MODEL, f"{MODEL}/{MANIFEST_NAME}"])
def test_what_may_not_be_read_is_told(closed: str) -> None:
    base = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users from the top
    try:
        base.chmod(0o755)
        folder = _put(base / "models" / MODEL)
        Manifest(MODEL, files={"config.json": FileRecord(2, "0" * 64)}).write(folder)
        shut = base / "models" / closed
        shut.chmod(0)
        environment = {**os.environ, "HOME": "/nowhere", "HF_HOME": "/nowhere", "PYTHONPATH": os.pathsep.join(sys.path)}
        looked = subprocess.run(
            [sys.executable, "-c", LOOK, str(base / "models"), MODEL],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        shut.chmod(0o755)
    finally:
        shutil.rmtree(base)
    assert looked.returncode == 0, looked.stderr
    told = looked.stdout.splitlines()
    assert "unreadable" in told[0] and "Permission denied" in told[0] and str(folder) in told[0]
    assert "True" in told[-1] and "Permission denied" in told[-1]
    if closed == ".":
        assert all("Permission denied" in line for line in told) and len(told) == 4


def test_sam_is_found_in_the_folder_of_its_repository_or_put_there_flat(tmp_path: Path) -> None:
    nested = _put(tmp_path / "nested" / "sam-vit-h" / "checkpoints", "sam_vit_h_4b8939.pth")
    flat = _put(tmp_path / "flat" / "sam-vit-h", "sam_vit_h_4b8939.pth")
    assert ModelStore(tmp_path / "nested").require("sam-vit-h") == nested
    assert ModelStore(tmp_path / "flat").require("sam-vit-h") == flat


def test_a_path_stands_for_a_model_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = _put(tmp_path / "mine", "tuned.pth") / "tuned.pth"
    assert ModelStore().require(str(weights)) == weights
    assert ModelStore(tmp_path).require("mine") == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    _put(tmp_path / MODEL)
    with pytest.raises(ModelError, match="is missing"):
        ModelStore(tmp_path / "elsewhere").require(MODEL)  # a folder that happens to be called so is not taken
    with pytest.raises(ModelError, match=r"'tuned\.pth' is neither in the catalogue .* nor a path"):
        ModelStore(tmp_path).require("tuned.pth")


def test_the_folders_work_without_the_hub_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    folder = _put(tmp_path / MODEL)
    assert ModelStore(tmp_path).require(MODEL) == folder
    with pytest.raises(ModelError, match="clip-rn50 is missing"):
        ModelStore(tmp_path).require("clip-rn50")


def test_the_hub_clients_own_cache_serves_offline(tas, hub) -> None:
    names = ("config.json", "model.safetensors", "preprocessor_config.json")
    revision = CATALOGUE[MODEL].revision
    download = (
        "import sys\nfrom huggingface_hub import hf_hub_download\n"
        f"for name in sys.argv[1:]: print(hf_hub_download('facebook/sam2.1-hiera-tiny', name, revision='{revision}'))"
    )
    require = f"from tas_ros.models.store import ModelStore\nprint(ModelStore().require('{MODEL}'))"

    def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=tas.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert python(download, *names[:2]).returncode == 0
    part = python(require)
    assert part.returncode == 1 and "is incomplete" in part.stderr and names[2] in part.stderr
    fetched = python(download, *names)
    assert fetched.returncode == 0, fetched.stderr
    hub.stop()
    found = python(require)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == str(Path(fetched.stdout.splitlines()[0]).parent)

    listed = json.loads(tas("list", "--json").stdout)
    assert next(row for row in listed if row["model"] == MODEL)["where"] == found.stdout.strip()
    assert tas("verify", MODEL).returncode == 0
    weights = Path(found.stdout.strip(), "model.safetensors").resolve()
    weights.write_bytes(b"x" * weights.stat().st_size)
    altered = tas("verify", MODEL)
    assert altered.returncode == 1 and "model.safetensors was altered" in altered.stdout
