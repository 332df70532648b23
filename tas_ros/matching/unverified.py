# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Words of a phrase that nothing in this package looks at."""

from __future__ import annotations

from tas_ros.language.data.vocabulary import UNVERIFIED
from tas_ros.language.query import ObjectPhrase
from tas_ros.matching.kinds_of_things import kinds_of_things
from tas_ros.matching.matcher import noun_of
from tas_ros.matching.packed_goods import goods_asked_for


def unverified_words(phrase: ObjectPhrase) -> tuple[str, ...]:
    """Materials, states and the like that the phrase asks for: "empty" of "the empty cup", "soup" of "the soup can".

    None that belongs to the thing's name: a wooden block is a kind of thing. Goods are told by their container and its
    colour, never by what it holds.
    """
    named = {word for word in kinds_of_things().name_in(noun_of(phrase)).split() if word != phrase.head}
    words = [word for word in phrase.attributes if word in UNVERIFIED and word not in named]
    goods = goods_asked_for(phrase)
    if goods and goods.name not in words and named.isdisjoint(goods.name.split()):
        words.append(goods.name)
    return tuple(words)
