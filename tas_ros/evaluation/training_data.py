# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the models were trained on that an evaluation set may overlap with: the leak class of a result.

The class says which annotations of COCO and of its referring expressions went into a model. Pictures are another
matter: what was collected from the web may hold COCO's (they come from Flickr), and nobody has published how much; the
text says where that is so.
"""

from __future__ import annotations

from dataclasses import fields

from tas_ros.choices.profile import BackendChoice, Profile

LEAK_CLASSES: tuple[str, ...] = (
    "none",
    "COCO captions",
    "COCO instances",
    "COCO-trained proposals",
    "RefCOCO in tuning",
    "unknown",
)
"""From harmless to harmful; `unknown` is treated as the worst."""

_OPENAI_CLIP = ("OpenAI CLIP: WIT-400M, unpublished web pairs that may hold COCO's pictures", "none")
_SAM = ("SAM: SA-1B", "none")
_BLIP = "129 M image-text pairs: COCO captions, Visual Genome, CC3M, CC12M, SBU, LAION-400M"

_BACKENDS: dict[tuple[str, str], tuple[str, str]] = {
    ("proposer", "depth"): ("no learned weights", "none"),
    ("proposer", "hed"): ("HED: BSDS500 (initialised from ImageNet)", "none"),
    ("proposer", "rgbd"): (
        "HED: BSDS500 (initialised from ImageNet); depth network: simulated depth of rendered shapes",
        "none",
    ),
    (
        "encoder",
        "conse",
    ): (
        "EfficientNet: ImageNet; tabletop head: renderings; photo head: names and outlines of things in 93 COCO photos "
        "(training/photo_sources.tsv); thing head: outlines in the same photos, renderings; "
        "all-MiniLM-L6-v2: sentence pairs that include COCO captions (text only)",
        "COCO instances",
    ),
    ("captioner", "template"): ("no weights of its own", "none"),
    ("colour_namer", "tselab"): ("fuzzy model of Benavente et al. 2008, fitted to colour naming experiments", "none"),
    ("parser", "spacy"): ("spaCy English: OntoNotes", "none"),
    ("parser", "released"): ("spaCy English: OntoNotes", "none"),
}
"""(what, leak class) of backends whose weights come with them."""

_MODELS: dict[str, tuple[str, str]] = {
    "sam-vit-h": _SAM,
    "sam-vit-l": _SAM,
    "sam-vit-b": _SAM,
    "sam-vit-base-transformers": _SAM,
    "sam2.1-hiera-tiny": ("SAM 2.1: SA-1B, SA-V and an unpublished video set of its makers", "none"),
    "clip-rn50": _OPENAI_CLIP,
    "clip-rn101": _OPENAI_CLIP,
    "clip-vit-b-32": _OPENAI_CLIP,
    "clip-vit-b-16": _OPENAI_CLIP,
    "clip-vit-l-14": _OPENAI_CLIP,
    "siglip-vit-b-16": ("SigLIP: WebLI, unpublished web pairs that may hold COCO's pictures", "none"),
    # Whether the captioner behind its synthetic captions had seen COCO captions could not be established.
    "mobileclip-s1": (
        "MobileCLIP: DataCompDR-1B (web pairs, synthetic captions by CoCa, taught by OpenAI and DataComp CLIP)",
        "unknown",
    ),
    "blip-base": (f"BLIP: {_BLIP}; then fine-tuned on COCO captions", "COCO captions"),
    "blip-large": (f"BLIP: {_BLIP}; then fine-tuned on COCO captions", "COCO captions"),
    "blip2-opt-2.7b": (f"BLIP-2: {_BLIP}; on EVA-CLIP and OPT 2.7B", "COCO captions"),
    # Its variants named -ft are tuned on RefCOCO itself. This one is not, but its annotations were written by models
    # whose own training on COCO could not be established.
    "florence-2-base": ("Florence-2: FLD-5B, 126 M pictures annotated by other models", "unknown"),
}
"""(what, leak class) of catalogue models."""


def describe_training_data(profile: Profile) -> dict[str, object]:
    """For every backend of the profile what it was trained on, and the worst leak class among them.

    Model files of a user's own, and backends nothing is recorded of, count as `unknown`.
    """
    backends: dict[str, object] = {}
    worst = 0
    for kind in (each.name for each in fields(profile)):
        choice = getattr(profile, kind)
        if not isinstance(choice, BackendChoice):
            continue
        recorded = _MODELS.get(choice.model) if choice.model else _BACKENDS.get((kind, choice.name))
        trained_on, leak = recorded or ("not recorded", "unknown")
        backends[kind] = {"name": choice.name, "trained_on": trained_on, "leak_class": leak}
        if choice.model:
            backends[kind]["model"] = choice.model  # type: ignore[index]
        worst = max(worst, LEAK_CLASSES.index(leak))
    return {"leak_class": LEAK_CLASSES[worst], "backends": backends}
