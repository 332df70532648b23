# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Every error the package raises on purpose. Each message names the input, the reason and the cure."""


class TasError(Exception):
    """Base of all errors raised by tas_ros for a reason a user can act on."""


class InvalidImageError(TasError):
    """An image, depth image or camera_info that cannot be used as it was given."""


class InvalidPoseError(TasError):
    """A pose that is no position and rotation."""


class InvalidCommandError(TasError):
    """A command text that cannot be read (empty, too long, not text)."""


class InvalidQueryError(TasError):
    """A Query whose fields contradict each other."""


class ModelError(TasError):
    """A model that is missing, altered or unreadable; the message gives the path and the command that cures it."""


class UnknownBackendError(ModelError):
    """A backend, profile or preset name that no registry knows."""


class DatasetError(TasError):
    """An evaluation set or bag that is missing or not in the expected layout."""


class CancelledError(TasError):
    """Work that nobody waits for any more, ended before it was done."""
