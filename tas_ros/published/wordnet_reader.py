# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""nltk's WordNet reader on a plain database folder, as distributions install it."""

from __future__ import annotations

import io
import logging
import warnings
from pathlib import Path
from typing import IO

import nltk.data
from nltk.corpus.reader.wordnet import WordNetCorpusReader

_LOG = logging.getLogger(__name__)
_PARTS = {"noun": 1, "verb": 2, "adj": 3, "adv": 4}
_LEXICOGRAPHER_FILES = """
adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute noun.body noun.cognition
noun.communication noun.event noun.feeling noun.food noun.group noun.location noun.motive noun.object noun.person
noun.phenomenon noun.plant noun.possession noun.process noun.quantity noun.relation noun.shape noun.state noun.substance
noun.time verb.body verb.change verb.cognition verb.communication verb.competition verb.consumption verb.contact
verb.creation verb.emotion verb.motion verb.perception verb.possession verb.social verb.stative verb.weather adj.ppl
"""


def lexicographer_file_table() -> str:
    """WordNet's file `lexnames`: number, name and part of speech of each lexicographer file."""
    names = enumerate(_LEXICOGRAPHER_FILES.split())
    return "".join(f"{i:02d}\t{name}\t{_PARTS[name.split('.')[0]]}\n" for i, name in names)


class FolderWordNet(WordNetCorpusReader):  # type: ignore[misc]
    """Reads `folder`, and supplies what nltk asks for and such folders lack.

    That is the file `lexnames`, the same in every WordNet 3 (manual page lexnames(5WN)), and in npm's package the lists
    of irregular plurals, without which "children" is unknown: that one is warned of.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if str(folder) not in nltk.data.path:  # nltk reads nothing outside its search path
            nltk.data.path.append(str(folder))
        if not (folder / "noun.exc").is_file():
            _LOG.warning("%s has no noun.exc: irregular forms such as 'children' are not recognised", folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that other languages are not there
            super().__init__(str(folder), None)

    def open(self, file: str) -> IO[str]:
        """The file, or what stands in for it."""
        if (self._folder / file).is_file():
            return super().open(file)
        if file == "lexnames":
            return io.StringIO(lexicographer_file_table())
        if file.endswith(".exc"):
            return io.StringIO("")
        return super().open(file)

    def map_wn(self, version: str = "wordnet") -> None:
        """No table to another version: that serves other languages only, and would look for nltk's own copy."""
