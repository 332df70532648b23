# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Profiles that users write: any combination of backends in a YAML file.

    name: my_robot            # optional; else the file's name
    base: embedded            # optional: a built-in profile whose choices stand where the file says nothing
    proposer: {name: transformers_sam, model: sam2.1-hiera-tiny, options: {points_per_side: 16}}
    captioner: template       # short for {name: template}
    kind_calibration: {slope: 0.6, midpoint: 1.2}

`model` is a name of the model catalogue (`tas models list`) or a path; a path that begins with ./ or ../ starts at the
file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tas_ros.choices.profile import BackendChoice, Profile
from tas_ros.choices.registry import BACKENDS
from tas_ros.errors import ModelError, UnknownBackendError
from tas_ros.files.yaml_files import read_yaml
from tas_ros.matching.calibration import KindCalibration
from tas_ros.small_files import UnusableContentError

_CALIBRATION = "kind_calibration"
_KINDS = tuple(each.name for each in fields(Profile) if each.name not in ("name", _CALIBRATION))
_KEYS = ("name", "base", *_KINDS, _CALIBRATION)
_CHOICE_KEYS = ("name", "model", "options")
_MOST = 1e300
"""Above any number that means something; floats end soon after."""


def read_profile(path: Path, built_in: Mapping[str, Profile]) -> Profile:
    """The profile of a YAML file.

    built_in: profiles that `base` may name.
    Raises ModelError for a file that cannot be used, UnknownBackendError for a backend or base that no registry knows.
    """
    content = _load(path)
    _refuse_unknown_keys(content, _KEYS, f"{path}:")
    base = _base(path, content, built_in)
    choices: dict[str, Any] = {}
    for kind in (*_KINDS, _CALIBRATION):
        if kind in content:
            read = _calibration if kind == _CALIBRATION else _choice
            choices[kind] = read(path, kind, content[kind])
        elif base is not None:
            choices[kind] = getattr(base, kind)
    if missing := [kind for kind in (*_KINDS, _CALIBRATION) if kind not in choices]:
        raise ModelError(
            f"{path}: nothing is said about {', '.join(missing)}; add the key, or 'base: embedded' to take its choice"
        )
    return Profile(name=_text(path, "name", content.get("name", path.stem)), **choices)


def _load(path: Path) -> Mapping[str, Any]:
    try:
        content = read_yaml(path)
    except OSError as error:
        raise ModelError(f"profile {path} cannot be read ({error.strerror}); give a built-in name or a file") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"profile {path} is no text in UTF-8 ({error.reason}); give a YAML file") from error
    except UnusableContentError as error:
        raise ModelError(f"profile {path} is no YAML of a profile ({error}); correct it") from error
    if not isinstance(content, dict):
        raise ModelError(f"profile {path} holds no 'key: value' lines at its top level; known keys: {', '.join(_KEYS)}")
    return content


def _base(path: Path, content: Mapping[str, Any], built_in: Mapping[str, Profile]) -> Profile | None:
    if "base" not in content:
        return None
    name = _text(path, "base", content["base"])
    if name not in built_in:
        raise UnknownBackendError(f"{path}: base: no profile is called {name!r}; known: {', '.join(built_in)}")
    return built_in[name]


def _choice(path: Path, kind: str, value: object) -> BackendChoice:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, dict) or "name" not in value:
        raise ModelError(f"{path}: {kind}: give the backend as {kind}: {{name: ..., model: ..., options: {{...}}}}")
    _refuse_unknown_keys(value, _CHOICE_KEYS, f"{path}: {kind}:")
    name = _text(path, f"{kind}.name", value["name"])
    if name not in BACKENDS[kind]:
        known = ", ".join(sorted(BACKENDS[kind]))
        raise UnknownBackendError(f"{path}: {kind}.name: no {kind} is called {name!r}; known: {known}")
    options = value.get("options") or {}
    if not isinstance(options, dict) or not all(isinstance(key, str) for key in options):
        raise ModelError(f"{path}: {kind}.options: {options!r} is no mapping of option names to values; correct it")
    if "checkpoint" in options:
        raise ModelError(f"{path}: {kind}.options: checkpoint is set by the model; write it as {kind}.model instead")
    model = _text(path, f"{kind}.model", value["model"]) if value.get("model") is not None else ""
    if model.startswith(("./", "../")):
        model = str((path.parent / model).resolve())
    return BackendChoice(name, options, model)


def _calibration(path: Path, key: str, value: object) -> KindCalibration:
    names = tuple(each.name for each in fields(KindCalibration))
    if not isinstance(value, dict) or set(value) != set(names) or not all(_is_number(each) for each in value.values()):
        raise ModelError(f"{path}: {key}: {value!r} must be two finite numbers: {{slope: 0.6, midpoint: 1.2}}")
    if value["slope"] <= 0:
        raise ModelError(f"{path}: {key}.slope: {value['slope']} would call worse matches likelier; give one above 0")
    return KindCalibration(**{name: float(value[name]) for name in names})


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < _MOST if isinstance(value, int) else math.isfinite(value)  # isfinite fails for the largest int


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ModelError(f"{path}: {key}: {value!r} is no name; write a text there")
    return value.strip()


def _refuse_unknown_keys(content: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := [str(key) for key in content if key not in known]:
        raise ModelError(f"{where} unknown key {', '.join(unknown)}; known: {', '.join(known)}")
