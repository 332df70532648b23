# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""TAS referring segmentation for ROS 2: a sentence and a camera frame in, the one instance's mask and box out."""

from pkgutil import extend_path

# The generated `tas_ros.msg`, `.srv` and `.action` live in the installed package; extending the path lets a source
# checkout that comes first on sys.path find them too.
__path__ = extend_path(__path__, __name__)

__version__ = "0.1.0"
