"""Paths that begin with ~, for users that have no home too."""

from __future__ import annotations

from pathlib import Path


def expand_home(path: str | Path) -> Path | None:
    """The path with a leading ~ resolved; None where nobody knows that home, as for a container's nameless user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return None
