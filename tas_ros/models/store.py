"""Finds the files of a model; never downloads."""

from __future__ import annotations

import os
from pathlib import Path

from tas_ros.errors import ModelError

ENVIRONMENT_VARIABLE = "TAS_ROS_MODELS"
DEFAULT_DIRECTORY = Path("~/.cache/tas_ros/models")


class ModelStore:
    """Looks for models in a directory, one folder each.

    directory: None takes the environment variable TAS_ROS_MODELS, else ~/.cache/tas_ros/models.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = (directory or Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_DIRECTORY)).expanduser()

    def require(self, model: str) -> Path:
        """Folder (or file) of the model of that catalogue name, or at that path. Raises ModelError when missing."""
        for path in (self.directory / model, Path(model).expanduser()):
            if path.exists():
                return path
        looked_at = self.directory / model
        raise ModelError(f"model {model} is missing: {looked_at} does not exist; run: tas models fetch {model}")
