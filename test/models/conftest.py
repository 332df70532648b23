# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A model hub on loopback: speaks what huggingface_hub's client needs, and can break down in the ways real ones do."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LFS_SUFFIXES = (".safetensors", ".pth", ".bin")


def git_blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class LocalHub:
    """Repositories by name, each path to bytes."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.licence = "apache-2.0"
        self.sent: list[tuple[str, str]] = []
        """(path, Range header) of every content sent."""
        self.authorizations: dict[str, set[str]] = {}
        """Host name to the Authorization headers it was given."""
        self.drop_after: dict[str, int] = {}
        """Path to the number of bytes after which the next download of it breaks off (once)."""
        self.hang_after: dict[str, int] = {}
        """The same, but nothing more comes and the connection stays open."""
        self.hanging = threading.Event()
        self.release = threading.Event()
        self.down_after_drop = False
        """Whether everything answers 503 once a download broke off."""
        self.served_instead: dict[str, bytes] = {}
        """Path to what is sent although the metadata speak of another content."""
        self.whatever_else: bytes | None = None
        """What is sent for a path that no repository holds."""
        self.alter: Callable[[dict[str, Any]], object] = lambda info: None
        """Makes the answer about a repository a hostile one."""
        self.down = False
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub._answer(self)

            def do_HEAD(self) -> None:
                hub._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self.release.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def downloads(self, path: str = "") -> list[str]:
        """Range headers of the downloads of `path` (of all files), in order."""
        return [asked for name, asked in self.sent if path in name]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        host = request.headers["Host"].split(":")[0]
        self.authorizations.setdefault(host, set()).add(request.headers.get("Authorization", ""))
        info = re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/([^/]+)", url.path)
        file = re.fullmatch(r"/([^/]+/[^/]+)/(resolve|cdn)/[^/]+/(.+)", url.path)
        match = info or file
        if self.down:
            self._send(request, 503, b"")
        elif match is None and self.whatever_else is not None:
            self._send(request, 200, self.whatever_else)
        elif match is None or match[1] not in self.repositories:
            self._send(request, 404, b"", {"X-Error-Code": "RepoNotFound"})
        elif info:
            self._send(request, 200, json.dumps(self._info(info[1])).encode(), {"Content-Type": "application/json"})
        else:
            self._send_file(request, match[1], unquote(match[3]), from_cdn=match[2] == "cdn")

    def _info(self, repository: str) -> dict[str, Any]:
        siblings: list[dict[str, Any]] = []
        for path, content in self.repositories[repository].items():
            entry: dict[str, object] = {"rfilename": path, "size": len(content), "blobId": git_blob(content)}
            if path.endswith(LFS_SUFFIXES):
                entry["blobId"] = git_blob(b"pointer")
                entry["lfs"] = {
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "pointerSize": 134,
                }
            siblings.append(entry)
        info = {
            "id": repository,
            "sha": COMMIT,
            "siblings": siblings,
            "tags": [f"license:{self.licence}"],
            "cardData": {"license": self.licence},
        }
        self.alter(info)
        return info

    def _send_file(self, request: BaseHTTPRequestHandler, repository: str, path: str, from_cdn: bool) -> None:
        content = self.repositories[repository].get(path, self.whatever_else)
        if content is None:
            self._send(request, 404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        etag = hashlib.sha256(content).hexdigest() if path.endswith(LFS_SUFFIXES) else git_blob(content)
        headers = {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if path.endswith(LFS_SUFFIXES) and not from_cdn:
            # As the real one: large files lie with another host.
            headers |= {"X-Linked-Etag": headers["ETag"], "X-Linked-Size": str(len(content))}
            headers["Location"] = f"http://localhost:{self.address.rpartition(':')[2]}/{repository}/cdn/{COMMIT}/{path}"
            self._send(request, 302, b"", headers)
            return
        body = self.served_instead.get(path, content)
        status, asked = 200, re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if asked:
            start = int(asked[1])
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        cut = None
        if request.command == "GET":
            self.sent.append((path, request.headers.get("Range", "")))
            cut = self.drop_after.pop(path, None)
            if path in self.hang_after:
                cut = self.hang_after.pop(path)
                self._send(request, status, body, headers, cut)
                request.wfile.flush()
                self.hanging.set()
                self.release.wait(60)
                return
        self._send(request, status, body, headers, cut)
        if cut is not None:
            self.down = self.down_after_drop

    @staticmethod
    def _send(
        request: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(body if cut is None else body[:cut])
        request.close_connection = True


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No model of this machine's user is found by a test."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TAS_ROS_MODELS", raising=False)
    with suppress(ImportError):
        from huggingface_hub import constants

        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "home"


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    pytest.importorskip("huggingface_hub")
    server = LocalHub()
    # SAM 2.1 as transformers saves it, shrunk; and what else lies about in repositories.
    server.repositories["facebook/sam2.1-hiera-tiny"] = {
        "README.md": b"# SAM 2.1",
        "config.json": b'{"model_type": "sam2_video"}',
        "model.safetensors": bytes(range(256)) * 4000,
        "preprocessor_config.json": b"{}",
        "sam2.1_hiera_tiny.pt": b"pickle" * 1000,
        "tf_model.h5": b"h5" * 1000,
    }
    yield server
    server.stop()


class Tas:
    """Runs `tas models` as a user would, in a process of its own with a home of its own."""

    def __init__(self, home: Path, endpoint: str) -> None:
        self.home = home
        self.models_dir = home / "models"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TAS_ROS_"))},
            "HOME": str(home),
            "HF_HOME": str(home / "hf"),
            "HF_ENDPOINT": endpoint,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "TAS_ROS_MODELS": str(self.models_dir),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tas_ros.cli", "models", *arguments]

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def tas(tmp_path: Path, hub: LocalHub) -> Tas:
    return Tas(tmp_path, hub.address)
