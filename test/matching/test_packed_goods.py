# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Goods that are asked for by name: which phrases mean some, and what they are sold in."""

import pytest

from tas_ros.choices.registry import create
from tas_ros.matching.packed_goods import goods_asked_for, is_content, packed_goods, read_packed_goods
from tas_ros.vision.colour_naming import BasicColourNamer


@pytest.fixture(scope="module")
def parser():
    return create("parser", "spacy")


@pytest.mark.parametrize(
    ("text", "goods", "content"),
    [("pass me the mustard", "mustard", True), ("the mustard bottle", "mustard", False), ("can of spam", "spam", False),
     ("the orange juice", "orange juice", True), ("the bbq sauce", "bbq sauce", True),
     ("the granola bars on the left", "granola bar", True), ("the container of wipes", "wipe", False)],
)  # fmt: skip
def test_phrases_that_mean_goods(parser, text, goods, content):
    target = parser.parse(text).target
    found = goods_asked_for(target)
    assert found is not None and found.name == goods
    assert is_content(target, found) is content


@pytest.mark.parametrize("text", ["the cup of coffee", "the bowl of soup", "the water tap", "the left one", "the mug"])
def test_phrases_that_mean_none(parser, text):
    assert goods_asked_for(parser.parse(text).target) is None


def test_a_line_names_containers_and_maybe_colours():
    table = read_packed_goods(["# a remark", "", "mustard: bottle, jar; yellow", "soup: can"])
    assert (table["mustard"].containers, table["mustard"].colours) == (("bottle", "jar"), ("yellow",))
    assert (table["soup"].containers, table["soup"].colours) == (("can",), ())
    with pytest.raises(ValueError, match="'mustard' names no container"):
        read_packed_goods(["mustard"])


def test_every_colour_of_the_table_is_a_term_of_the_colour_namer():
    assert {colour for goods in packed_goods().values() for colour in goods.colours} <= set(BasicColourNamer().terms)
