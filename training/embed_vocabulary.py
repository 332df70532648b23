# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.
"""Write the table of the vocabulary's embeddings anew: `python -m training.embed_vocabulary`."""

from __future__ import annotations

from pathlib import Path

import tas_ros
from tas_ros.vision.encoders.class_names import vocabulary
from tas_ros.vision.encoders.minilm import MiniLm
from tas_ros.vision.encoders.vocabulary_table import TABLE, write_vocabulary_table

if __name__ == "__main__":
    write_vocabulary_table(Path(tas_ros.__path__[0], TABLE), vocabulary(), MiniLm())
