# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Colour words against the colours of regions."""

import numpy as np

from tas_ros.matching.colour import match_any_colour, match_colours

TERMS = ("black", "brown", "green", "grey", "orange", "red", "white")


def region(**shares):
    return [shares.get(term, 0.0) for term in TERMS]


def test_a_shaded_orange_thing_is_orange_where_nothing_is_plainly_so():
    plain, shaded, green = match_colours(
        np.float32([region(orange=0.9), region(brown=0.9), region(green=0.9)]), TERMS, ["orange"]
    )
    assert plain > 0.9
    assert 0.3 < shaded < 0.8 * plain, "found on its own, no rival of what is plainly orange"
    assert green < 0.1


def test_opposites_are_no_neighbours():
    black, white = match_colours(np.float32([region(black=0.9), region(white=0.9)]), TERMS, ["white"])
    assert black < 0.1 < white


def test_two_colours_must_both_be_there():
    both, one = match_colours(np.float32([region(black=0.5, white=0.5), region(black=1.0)]), TERMS, ["black", "white"])
    assert both > 0.9
    assert one < 0.1
    assert match_colours(np.float32([region(black=1.0)]), TERMS, ["turquoise"]) is None


def test_of_several_accepted_colours_one_suffices():
    black, red, green = match_any_colour(
        np.float32([region(black=0.9), region(red=0.9), region(green=0.9)]), TERMS, ["red", "black", "turquoise"]
    )
    assert min(black, red) > 0.9
    assert green < 0.1
    assert match_any_colour(np.float32([region(red=0.9)]), TERMS, ["turquoise"]) is None
