# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas models` against a hub on loopback, through the real client."""

import fcntl
import hashlib
import json
import os
import struct
import subprocess
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from tas_ros.models.catalogue import CATALOGUE
from tas_ros.models.manifest import MANIFEST_NAME

REPOSITORY = "facebook/sam2.1-hiera-tiny"
MODEL = "sam2.1-hiera-tiny"
WEIGHTS = "model.safetensors"
LARGE = bytes(range(256)) * 100_000
CUT = 15_000_000
"""Bytes that come before a break: the client passes them on in pieces of 10 MiB."""
CAME = 10 * 1024 * 1024


def test_list_tells_what_there_is_and_where(tas) -> None:
    before = tas("list")
    assert before.returncode == 0, before.stderr
    lines = {line.split()[0]: line for line in before.stdout.splitlines()[1:]}
    assert list(lines) == list(CATALOGUE)
    assert "156 MB" in lines[MODEL] and "Apache-2.0" in lines[MODEL] and lines[MODEL].endswith("missing")

    assert tas("fetch", MODEL, "--yes").returncode == 0
    rows = json.loads(tas("list", "--profile", "realtime", "--json").stdout)
    assert [row["model"] for row in rows] == [MODEL, "clip-vit-b-16", "blip-base"]
    assert [row["state"] for row in rows] == ["found", "missing", "missing"]
    assert rows[0]["where"] == str(tas.models_dir / MODEL)
    assert "no model files" in tas("list", "--profile", "embedded").stdout


def test_fetch_brings_what_the_backend_reads_and_records_it(tas, hub) -> None:
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    folder = tas.models_dir / MODEL
    files = {path.name for path in folder.iterdir()}
    assert files == {"config.json", WEIGHTS, "preprocessor_config.json", MANIFEST_NAME}
    content = hub.repositories[REPOSITORY]
    manifest = json.loads((folder / MANIFEST_NAME).read_text())
    assert manifest["repository"] == REPOSITORY and manifest["commit"] == "0123456789abcdef0123456789abcdef01234567"
    assert manifest["files"] == {
        name: {"size": len(content[name]), "sha256": hashlib.sha256(content[name]).hexdigest()}
        for name in ("config.json", WEIGHTS, "preprocessor_config.json")
    }
    assert "1 MB" in done.stderr and "licence: Apache-2.0 (hub: apache-2.0)" in done.stderr
    assert f"{MODEL} 3/3: {WEIGHTS} (1 MB)" in done.stderr


def test_nothing_is_downloaded_before_someone_agreed(tas, hub) -> None:
    refused = tas("fetch", MODEL)
    assert refused.returncode == 2
    assert "1 MB" in refused.stderr and "Apache-2.0" in refused.stderr and "--yes" in refused.stderr
    assert hub.downloads() == []
    assert not tas.models_dir.exists()


@pytest.mark.parametrize(("answer", "fetched"), [("n", False), ("", False), ("y", True)])
def test_on_a_terminal_the_user_is_asked(tas, hub, answer: str, fetched: bool) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))  # a bar needs columns
    os.write(ours, f"{answer}\n".encode())
    with subprocess.Popen(
        tas.command("fetch", MODEL), env=tas.environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = _read_terminal(ours)
        assert process.wait(60) == 0
    os.close(ours)
    assert f"fetch 1 MB into {tas.models_dir}?" in said
    assert (tas.models_dir / MODEL / WEIGHTS).exists() == fetched == bool(hub.downloads())
    assert (f"{WEIGHTS}: 100%" in said) == fetched, "a progress bar"


def _read_terminal(descriptor: int) -> str:
    said = b""
    with suppress(OSError):  # how Linux tells that the other side is closed
        while chunk := os.read(descriptor, 4096):
            said += chunk
    return said.decode()


def test_an_interrupted_download_goes_on_at_the_next_fetch(tas, hub) -> None:
    hub.repositories[REPOSITORY][WEIGHTS] = LARGE
    hub.drop_after[WEIGHTS], hub.down_after_drop = CUT, True
    broken = tas("fetch", MODEL, "--yes")
    assert broken.returncode == 2
    assert WEIGHTS in broken.stderr and "what came is kept" in broken.stderr and "Traceback" not in broken.stderr
    assert not (tas.models_dir / MODEL / WEIGHTS).exists()
    row = next(row for row in json.loads(tas("list", "--json").stdout) if row["model"] == MODEL)
    assert row["state"] == "incomplete"

    hub.down, hub.sent = False, []
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    assert hub.downloads(WEIGHTS) == [f"bytes={CAME}-"]
    assert len(hub.downloads()) == 1, "the files that had come whole are not fetched again"
    assert "10 MB of them are there" in done.stderr
    assert (tas.models_dir / MODEL / WEIGHTS).read_bytes() == hub.repositories[REPOSITORY][WEIGHTS]
    assert tas("verify", MODEL).returncode == 0


def test_a_killed_fetch_goes_on_too(tas, hub) -> None:
    hub.repositories[REPOSITORY][WEIGHTS] = LARGE
    hub.hang_after[WEIGHTS] = CUT
    with subprocess.Popen(tas.command("fetch", MODEL, "--yes"), env=tas.environment, stderr=subprocess.PIPE) as process:
        assert hub.hanging.wait(30)
        partial = tas.models_dir / MODEL / ".partial"
        deadline = 200
        while not any(path.stat().st_size for path in partial.glob("*")) and deadline:
            deadline -= 1
            hub.release.wait(0.05)
        process.kill()
    came = sum(path.stat().st_size for path in partial.glob("*"))
    assert 0 < came <= CUT
    hub.sent = []
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert hub.downloads(WEIGHTS) == [f"bytes={came}-"]
    assert (tas.models_dir / MODEL / WEIGHTS).read_bytes() == hub.repositories[REPOSITORY][WEIGHTS]
    assert not partial.exists()


def test_a_short_break_is_bridged_in_the_same_run(tas, hub) -> None:
    hub.repositories[REPOSITORY][WEIGHTS] = LARGE
    hub.drop_after[WEIGHTS] = CUT
    done = tas("fetch", MODEL, "--yes")
    assert done.returncode == 0, done.stderr
    assert hub.downloads(WEIGHTS) == ["", f"bytes={CAME}-"]


@pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
def test_content_that_is_not_what_the_hub_states_is_refused(tas, hub, name: str) -> None:
    right = hub.repositories[REPOSITORY][name]
    hub.served_instead[name] = bytes(255 - byte for byte in right)
    wrong = tas("fetch", MODEL, "--yes")
    assert wrong.returncode == 2
    assert name in wrong.stderr and "arrived damaged" in wrong.stderr
    assert not (tas.models_dir / MODEL / name).exists()
    assert not (tas.models_dir / MODEL / MANIFEST_NAME).exists()
    hub.served_instead.clear()
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert (tas.models_dir / MODEL / name).read_bytes() == right


def test_weights_that_are_not_the_published_ones_are_refused_whatever_the_hub_says(tas, hub) -> None:
    hub.repositories["ybelkada/segment-anything"] = {"checkpoints/sam_vit_b_01ec64.pth": b"not SAM" * 1000}
    wrong = tas("fetch", "sam-vit-b", "--yes")
    assert wrong.returncode == 2
    assert "sam_vit_b_01ec64.pth" in wrong.stderr and "catalogue" in wrong.stderr


def test_verify_names_what_was_altered(tas) -> None:
    assert tas("fetch", MODEL, "--yes").returncode == 0
    right = tas("verify")
    assert (right.returncode, right.stdout) == (
        0,
        f"{MODEL}: all 3 files as recorded ({tas.models_dir / MODEL})\n",
    )
    weights = tas.models_dir / MODEL / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[1000] ^= 1
    weights.write_bytes(content)
    wrong = tas("verify", MODEL)
    assert wrong.returncode == 1
    assert f"WRONG: {WEIGHTS} was altered" in wrong.stdout
    weights.unlink()
    gone = tas("verify")
    assert gone.returncode == 1
    assert f"{WEIGHTS} is gone" in gone.stdout


def test_fetch_repairs_what_was_altered_and_leaves_the_rest(tas, hub) -> None:
    assert tas("fetch", MODEL, "--yes").returncode == 0
    hub.sent = []
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert hub.downloads() == []
    (tas.models_dir / MODEL / WEIGHTS).write_bytes(b"x" * len(hub.repositories[REPOSITORY][WEIGHTS]))
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert hub.downloads() == [""]
    assert tas("verify").returncode == 0


def test_files_put_there_by_hand_serve_and_can_be_recorded(tas, hub) -> None:
    folder = tas.models_dir / MODEL
    folder.mkdir(parents=True)
    for name in ("config.json", WEIGHTS, "preprocessor_config.json"):
        (folder / name).write_bytes(hub.repositories[REPOSITORY][name])
    unrecorded = tas("verify", MODEL)
    assert unrecorded.returncode == 0 and "no recorded hash" in unrecorded.stdout
    recorded = tas("verify", MODEL, "--record")
    assert recorded.returncode == 0 and "recorded 3 files" in recorded.stdout
    (folder / "config.json").write_text('{"model_type": "sam1_video"}')
    altered = tas("verify", MODEL)
    assert altered.returncode == 1 and "config.json was altered" in altered.stdout
    assert tas("verify", MODEL, "--record").returncode == 1, "recording never hides an alteration"


@pytest.mark.parametrize("how", ["no server", "offline mode", "no repository"])
def test_without_the_hub_the_error_says_what_to_do(tas, hub, how: str) -> None:
    if how == "no server":
        hub.stop()
    elif how == "offline mode":
        tas.environment["HF_HUB_OFFLINE"] = "1"
    else:
        hub.repositories.clear()
    failed = tas("fetch", MODEL, "--yes")
    assert failed.returncode == 2
    assert failed.stderr.count("error:") == 1 and "Traceback" not in failed.stderr
    cure = {"no server": "--models-dir DIR", "offline mode": "unset it", "no repository": "HF_ENDPOINT"}[how]
    assert REPOSITORY in failed.stderr and cure in failed.stderr


def test_targets_that_nothing_is_called(tas) -> None:
    unknown = tas("fetch", "sam-vit-huge", "--yes")
    assert unknown.returncode == 2
    assert "'sam-vit-huge'" in unknown.stderr and "sam-vit-h" in unknown.stderr and "paper" in unknown.stderr
    missing = tas("verify", "realtime")
    assert missing.returncode == 2
    assert f"{tas.models_dir / MODEL} does not exist" in missing.stderr
    assert "tas models fetch" in missing.stderr


def test_a_users_token_goes_to_the_hub_alone(tas, hub) -> None:
    tas.environment["HF_TOKEN"] = "hf_of_the_user"
    assert tas("fetch", MODEL, "--yes").returncode == 0
    assert hub.authorizations == {"127.0.0.1": {"Bearer hf_of_the_user"}, "localhost": {""}}


def test_a_profile_file_can_be_fetched(tas, hub, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"base: embedded\nproposer: {{name: transformers_sam, model: {MODEL}}}\n")
    elsewhere = tmp_path / "elsewhere"
    done = tas("fetch", str(own), "--yes", "--models-dir", str(elsewhere))
    assert done.returncode == 0, done.stderr
    assert (elsewhere / MODEL / WEIGHTS).is_file()
    assert not tas.models_dir.exists()
