"""What the models were trained on that an evaluation set may overlap with: the leak class of a result."""

from __future__ import annotations

from dataclasses import fields

from tas_ros.profiles import BackendChoice, Profile

LEAK_CLASSES: tuple[str, ...] = ("none", "COCO captions", "COCO-trained proposals", "RefCOCO in tuning", "unknown")
"""From harmless to harmful; `unknown` is treated as the worst."""

_TRAINED_ON: dict[tuple[str, str], tuple[str, str]] = {
    ("proposer", "depth"): ("no learned weights", "none"),
    ("proposer", "hed"): ("HED: BSDS500 (initialised from ImageNet)", "none"),
    ("proposer", "rgbd"): ("HED: BSDS500 (initialised from ImageNet); depth part has no learned weights", "none"),
    (
        "encoder",
        "conse",
    ): (
        "EfficientNet: ImageNet; all-MiniLM-L6-v2: sentence pairs that include COCO captions (text only)",
        "COCO captions",
    ),
    ("captioner", "template"): ("no weights of its own", "none"),
    ("colour_namer", "tselab"): ("fuzzy model of Benavente et al. 2008, fitted to colour naming experiments", "none"),
    ("parser", "spacy"): ("spaCy English: OntoNotes", "none"),
}


def describe_training_data(profile: Profile) -> dict[str, object]:
    """For every backend of the profile what it was trained on, and the worst leak class among them."""
    backends: dict[str, object] = {}
    worst = 0
    for kind in (each.name for each in fields(profile)):
        choice = getattr(profile, kind)
        if not isinstance(choice, BackendChoice):
            continue
        trained_on, leak = _TRAINED_ON.get((kind, choice.name), ("not recorded", "unknown"))
        backends[kind] = {"name": choice.name, "trained_on": trained_on, "leak_class": leak}
        worst = max(worst, LEAK_CLASSES.index(leak))
    return {"leak_class": LEAK_CLASSES[worst], "backends": backends}
