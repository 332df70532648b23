"""The demo: the node in its own process, the recording replayed over DDS, commands as a user would give them."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.demo.commands import COMMANDS, DemoCommand
from tas_ros.demo.progress import Progress
from tas_ros.demo.recording import BAG, View, load_views
from tas_ros.errors import TasError

if TYPE_CHECKING:
    from tas_ros.demo.client import DemoClient
    from tas_ros.demo.node_process import NodeProcess
    from tas_ros.demo.verdict import Verdict

LOAD_TIMEOUT = 180.0
"""Seconds that models may take to load on a slow machine."""
CONFIGURE_GRACE = 3.0
"""Seconds that a node may say it is unconfigured before it begins to load."""
ANSWER_TIMEOUT = 60.0
RIGHT, WRONG = 0, 1


def run(
    out: Path = Path("demo_out"),
    profile: str = "embedded",
    bag: Path = BAG,
    commands: Sequence[DemoCommand] = COMMANDS,
    domain_id: int | None = None,
) -> int:
    """Run the demo and print its table; pictures, results.json and node.log go to the folder `out`.

    domain_id: of DDS; by default one derived from this process, so that no other robot hears the demo.
    Returns 0 when every answer is right, 1 when some is wrong.
    Raises NodeError when the node dies or does not become ready, DatasetError for a broken recording, TasError.
    """
    from tas_ros.demo.report import table_header, table_row, write_report
    from tas_ros.demo.verdict import judge

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TasError(f"{out} cannot be made ({error.strerror}); choose another folder with --out") from error
    started = time.monotonic()
    views = {(view.scene, view.viewpoint): view for view in load_views(bag)}
    verdicts: list[Verdict] = []
    with _node_and_client(out, profile, domain_id) as (node, client):
        load_seconds = _wait_until_ready(node, client)
        print(table_header(), flush=True)
        shown: View | None = None
        for command in commands:
            view = views[command.scene, command.viewpoint]
            if view is not shown:
                client.show(view)
                shown = view
            verdict = judge(command, view, client.ask(command.text, ANSWER_TIMEOUT))
            verdicts.append(verdict)
            print(table_row(verdict), flush=True)
        exit_code = node.stop()
    wrong = sum(not verdict.right for verdict in verdicts)
    summary = {
        "profile": profile,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}",
        "load_seconds": round(load_seconds, 2),
        "total_seconds": round(time.monotonic() - started, 2),
        "node_exit_code": exit_code,
        "right": len(verdicts) - wrong,
        "wrong": wrong,
    }
    write_report(out, verdicts, [views[v.command.scene, v.command.viewpoint] for v in verdicts], summary)
    print(_closing_lines(out, verdicts, wrong, exit_code))
    return WRONG if wrong or exit_code != 0 else RIGHT


def _closing_lines(out: Path, verdicts: Sequence[Verdict], wrong: int, exit_code: int | None) -> str:
    first = sorted(verdict.latency for verdict in verdicts if not verdict.scene_reused)
    further = sorted(verdict.latency for verdict in verdicts if verdict.scene_reused)
    lines = [
        f"\n{len(verdicts) - wrong} of {len(verdicts)} right; pictures, contact_sheet.jpg and results.json in {out}"
    ]
    if first:
        lines.append(f"first command on a frame: median {1000 * first[len(first) // 2]:.0f} ms")
    if further:
        lines.append(f"further command on that frame: median {1000 * further[len(further) // 2]:.0f} ms")
    if exit_code != 0:
        lines.append(f"the node ended with code {exit_code}, see {out / 'node.log'}")
    return "\n".join(lines)


@contextmanager
def _node_and_client(out: Path, profile: str, domain_id: int | None) -> Iterator[tuple[NodeProcess, DemoClient]]:
    """Both sides, on a DDS domain of their own that does not leave this machine."""
    try:
        import rclpy

        from tas_ros.demo.client import DemoClient
        from tas_ros.demo.node_process import NodeProcess
    except ImportError as error:
        raise TasError(
            f"the demo needs ROS 2 and the package's own messages ({error}); source a ROS 2 workspace that has "
            f"tas_ros built, or install the wheels as the README says"
        ) from error
    from tas_ros.demo.messages import CAMERA_INFO_TOPIC, DEPTH_TOPIC, IMAGE_TOPIC

    domain = 1 + os.getpid() % 100 if domain_id is None else domain_id
    environment = {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    remappings = {"image": IMAGE_TOPIC, "depth": DEPTH_TOPIC, "camera_info": CAMERA_INFO_TOPIC}
    # The recording stands still between commands, which a live camera would not.
    parameters = {"profile": profile, "max_frame_age": "0.0"}
    with _environment(environment), NodeProcess(remappings, parameters, environment, out / "node.log") as node:
        context_args: dict[str, Any] = {"args": [], "domain_id": domain}
        rclpy.init(**context_args)
        try:
            client = DemoClient(node.check)
            try:
                yield node, client
            finally:
                client.close()
        finally:
            rclpy.shutdown()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables that DDS reads when it starts, and put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _wait_until_ready(node: NodeProcess, client: DemoClient) -> float:
    """Seconds until the node is active. Raises NodeError when it dies, fails to configure or takes too long."""
    start = time.monotonic()
    unconfigured_since: float | None = None
    with Progress("starting the node", sys.stderr) as progress:
        while True:
            node.check()
            state, now = client.node_state(), time.monotonic()
            if state == "active" and client.is_connected():
                return now - start
            # While models load it does not answer; once it answers and stays unconfigured, loading has failed.
            unconfigured_since = (unconfigured_since or now) if state == "unconfigured" else None
            if unconfigured_since is not None and now - unconfigured_since > CONFIGURE_GRACE:
                raise node.failure("the node could not load its models")
            if now - start > LOAD_TIMEOUT:
                raise node.failure(f"the node was not active after {LOAD_TIMEOUT:.0f} s")
            progress.show(node.last_line)
            time.sleep(0.1)
