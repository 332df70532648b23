# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Verbs that describe a thing without placing it. Data only; read through `vocabulary`."""

from __future__ import annotations

from tas_ros.language.data.word_sets import word_set

COPULAS = word_set(
    "is are was were be being been that which who whos thats s whose thing's 's am does do did will would"
)
# Where a thing turns or moves is no place of it.
LOOKING = word_set(
    "facing looking looks look turned leaning pointing pointed aimed heading moving going walking turning bending "
    "faces tilted headed staring gazing"
)
# Of these also "to the left", "at us" says where to.
GAZING = word_set("facing looking looks look turned faces pointing pointed aimed staring gazing")
# How a thing stays: a trait, never a thing. A particle after it ("bent over", "lying down") is no place either.
POSTURES = word_set(
    "standing sitting laying lying crouching kneeling squatting bent hunched bending leaning crouched seated squatted "
    "lies stands sits rests hangs slouched bowing stooping stooped reclining hanging resting sleeping "
    "fell fallen toppled tipped knocked"
)
PARTICLES = word_set("over down up forward forwards")
# What follows is a likeness or a text, not a thing in view: "looks like a ladybug", "says skeptic".
LIKENING = (
    ("looks", "like"), ("look", "like"), ("looking", "like"), ("shaped", "like"), ("says",), ("saying",),
    ("labeled",), ("labelled",), ("titled",), ("marked",), ("called",), ("named",), ("reads",),
)  # fmt: skip
