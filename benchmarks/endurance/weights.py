# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Missing, cut and changed weights: configure fails and names the file and the cure, and a retry works.

The node finds a copy of a package that carries weights before the installed one; the copy is damaged and mended.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState

from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import wait_until
from tas_ros.vision.encoders import efficientnet
from tas_ros.vision.proposers import hed_network
from tas_ros.vision.weights import PackagedWeights

PACKAGED = (hed_network.WEIGHTS, efficientnet.WEIGHTS)


def _remove(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


FAULTS: dict[str, Callable[[Path], None]] = {"missing": _remove, "cut": _cut, "changed": _change, "empty": _empty}


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Damage, configure, mend, configure; the last time with an answer."""
    copies = folder / "packages"
    cases: list[dict[str, Any]] = []
    chosen = PACKAGED[:1] if short else PACKAGED
    files = {weights: _copy(weights, copies) for weights in chosen}
    parameters = {"autostart": False, "max_frame_age": 0.0}
    with WatchedNode(folder, parameters, "/weights", {"PYTHONPATH": str(copies)}) as node:
        peer = Peer(node.namespace, hears=("referral", "mask"))
        try:
            for weights, fault in _cases(chosen, short):
                configured = bool(cases) and bool(cases[-1]["retry_worked"])
                cases.append(_try(peer, node, weights, files[weights], fault, configured))
            _change_state(peer, Transition.TRANSITION_ACTIVATE)
            questions, table = Questions(peer, node.check), Tabletop()
            wait_until(peer.image.get_subscription_count, "the node to listen")
            right = questions.found(peer.show(table.frame()))
        finally:
            peer.close()
        code, seconds = node.end()
    wrong = [case for case in cases if not (case["refused"] and case["names_the_file"] and case["names_the_cure"])]
    return {
        **questions.tally.report(),
        "cases": cases,
        "answered_rightly_at_last": right,
        "exit_code": code,
        "end_seconds": round(seconds, 2),
        "kept": {
            **questions.tally.kept(),
            "configure fails with path and cure": not wrong,
            "a retry works": all(case["retry_worked"] for case in cases) and right,
            "exit code 0": code == 0,
        },
    }


def _cases(chosen: tuple[PackagedWeights, ...], short: bool) -> Iterator[tuple[PackagedWeights, str]]:
    for weights in chosen:
        for fault in ["changed"] if short else FAULTS:
            yield weights, fault


def _copy(weights: PackagedWeights, copies: Path) -> Path:
    """A copy of the package that carries these weights; where the file lies in it."""
    installed = weights.locate()
    package = installed.parents[len(Path(weights.file).parts) - 1]
    shutil.copytree(package, copies / weights.package)
    return copies / weights.package / weights.file


def _try(
    peer: Peer, node: WatchedNode, weights: PackagedWeights, path: Path, fault: str, node_is_configured: bool
) -> dict[str, Any]:
    content = path.read_bytes()
    printed = len(node.log)
    if node_is_configured:
        _change_state(peer, Transition.TRANSITION_CLEANUP)
    FAULTS[fault](path)
    try:
        succeeded = _change_state(peer, Transition.TRANSITION_CONFIGURE)
    finally:
        path.write_bytes(content)
    wait_until(lambda: "cannot configure" in node.log[printed:] or succeeded, "the log")
    said = node.log[printed:]
    retried = _change_state(peer, Transition.TRANSITION_CONFIGURE)
    return {
        "file": f"{weights.package}/{weights.file}",
        "fault": fault,
        "refused": not succeeded,
        "names_the_file": weights.file in said,
        "names_the_cure": weights.cure in said,
        "retry_worked": retried,
    }


def _change_state(peer: Peer, transition: int) -> bool:
    request = ChangeState.Request(transition=Transition(id=transition))
    return bool(peer.call(ChangeState, "change_state", request).success)
