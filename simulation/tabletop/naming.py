# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the things of one picture can be called, and a description that might be asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.tabletop.descriptions import Description
from simulation.tabletop.observation import Observation
from simulation.tabletop.things import ALL_NAMES, NOWHERE
from simulation.tabletop.truth import Judge


@dataclass(frozen=True)
class Candidate:
    """A description that might be asked."""

    description: Description
    perspective: str = ""
    spoken: bool = False
    """Whether the sentence says whose perspective it is."""
    also: Description | None = None
    """A second thing that the sentence names."""


class Naming:
    """What the things of one picture can be called."""

    def __init__(self, observation: Observation, judge: Judge) -> None:
        self._judge = judge
        self.things = observation.things
        self.nouns = sorted({thing.names[0] for thing in observation.things})
        """What is there."""
        self.absent = [name for name in (*ALL_NAMES, *NOWHERE) if self.count(Description(name), perhaps=True) == 0]
        """What is not."""
        self.alike = [each for each in self.bases() if self.count(each) > 1]
        """Descriptions by name, or colour and name, that several things fit: words about place decide."""
        self.painted_alike = [Description(colour=c) for c in self.colours() if self.count(Description(colour=c)) > 1]

    def colours(self) -> list[str]:
        """Colours that a person would see."""
        return sorted({thing.colour for thing in self.things if thing.colour})

    def coloured(self) -> list[Description]:
        """Colour and name of everything that has one colour."""
        pairs = sorted({(thing.names[0], thing.colour) for thing in self.things if thing.colour})
        return [Description(noun, colour) for noun, colour in pairs]

    def of(self, index: int) -> list[Description]:
        """What tells the thing apart: its name, else colour and name; nothing where neither does."""
        thing = self.things[index]
        names = [Description(thing.names[0])]
        names += [Description(thing.names[0], thing.colour)] if thing.colour else []
        unique = [each for each in names if self._judge.judge(each).targets == (index,)]
        return unique[:1] if len(unique) < 2 else unique

    def anchors(self) -> list[Description]:
        """A description of each thing that can be told apart."""
        return [each for i in range(len(self.things)) for each in self.of(i)[:1]]

    def bases(self) -> list[Description]:
        """Names, and colour with name, that fit one thing or several."""
        return [Description(noun) for noun in self.nouns] + self.coloured()

    def count(self, description: Description, perhaps: bool = False) -> int:
        """How many things fit, or at least might."""
        fits = self._judge.fitting(description)
        return 0 if fits is None else int(np.count_nonzero(fits >= (0 if perhaps else 1)))
