# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Backends by name. Looking a name up imports that backend only, so listing them costs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from tas_ros.errors import UnknownBackendError

BACKENDS: dict[str, dict[str, str]] = {
    "proposer": {
        "rgbd": "tas_ros.vision.proposers.rgbd:RgbdProposer",
        "depth": "tas_ros.vision.proposers.depth:DepthProposer",
        "hed": "tas_ros.vision.proposers.hed:HedProposer",
        "segment_anything": "tas_ros.vision.proposers.segment_anything:SegmentAnythingProposer",
        "transformers_sam": "tas_ros.vision.proposers.transformers_sam:TransformersSamProposer",
    },
    "encoder": {
        "conse": "tas_ros.vision.encoders.conse:ConseEncoder",
        "open_clip": "tas_ros.vision.encoders.open_clip:OpenClipEncoder",
    },
    "captioner": {
        "template": "tas_ros.vision.captioners.template:TemplateCaptioner",
        "blip": "tas_ros.vision.captioners.blip:BlipCaptioner",
        "blip2": "tas_ros.vision.captioners.blip2:Blip2Captioner",
        "florence2": "tas_ros.vision.captioners.florence2:Florence2Captioner",
    },
    "colour_namer": {
        "tselab": "tas_ros.vision.colour_naming:BasicColourNamer",
    },
    "parser": {
        "spacy": "tas_ros.language.parser:SpacyParser",
        "released": "tas_ros.published.parser:ReleasedParser",
    },
}


def create(kind: str, name: str, options: Mapping[str, Any] | None = None) -> Any:
    """Import the backend `name` of `kind` and construct it with `options` as keyword arguments.

    Raises UnknownBackendError when no such backend is registered.
    """
    try:
        target = BACKENDS[kind][name]
    except KeyError:
        known = ", ".join(sorted(BACKENDS.get(kind, {}))) or "none"
        raise UnknownBackendError(f"no {kind} is called {name!r}; known: {known}") from None
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)(**(options or {}))
