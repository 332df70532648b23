# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The recording's topics, and how their messages are made without ROS: by the Jazzy type store of `rosbags`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rosbags.typesys import Stores, get_typestore

from tas_ros.vision.frame import CameraIntrinsics

IMAGE_TOPIC = "/camera/color/image_raw"
DEPTH_TOPIC = "/camera/aligned_depth_to_color/image_raw"
CAMERA_INFO_TOPIC = "/camera/color/camera_info"
TF_STATIC_TOPIC = "/tf_static"
INSTANCES_TOPIC = "/ground_truth/instances"
OBJECTS_TOPIC = "/ground_truth/objects"

TOPICS = {
    TF_STATIC_TOPIC: "tf2_msgs/msg/TFMessage",
    CAMERA_INFO_TOPIC: "sensor_msgs/msg/CameraInfo",
    DEPTH_TOPIC: "sensor_msgs/msg/Image",
    IMAGE_TOPIC: "sensor_msgs/msg/Image",
    INSTANCES_TOPIC: "sensor_msgs/msg/Image",
    OBJECTS_TOPIC: "std_msgs/msg/String",
}


class MessageFactory:
    """Makes messages of the Jazzy type store."""

    def __init__(self) -> None:
        self.store = get_typestore(Stores.ROS2_JAZZY)
        self._types = self.store.types

    def header(self, stamp: int, frame_id: str) -> Any:
        """std_msgs/Header of a stamp in nanoseconds."""
        seconds, nanoseconds = divmod(stamp, 1_000_000_000)
        time = self._types["builtin_interfaces/msg/Time"](seconds, nanoseconds)
        return self._types["std_msgs/msg/Header"](time, frame_id)

    def image(self, header: Any, pixels: NDArray[np.uint8], encoding: str, shape: tuple[int, ...]) -> Any:
        """sensor_msgs/Image without row padding."""
        data = np.ascontiguousarray(pixels).ravel()
        return self._types["sensor_msgs/msg/Image"](
            header, shape[0], shape[1], encoding, 0, data.size // shape[0], data
        )

    def camera_info(self, header: Any, camera: CameraIntrinsics, width: int, height: int) -> Any:
        """sensor_msgs/CameraInfo of an undistorted pinhole; all focal lengths 0 says that it is uncalibrated."""
        calibrated = float(camera.fx != 0)
        return self._types["sensor_msgs/msg/CameraInfo"](
            header=header,
            height=height,
            width=width,
            distortion_model="plumb_bob",
            d=np.zeros(5),
            k=np.array([camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, calibrated]),
            r=np.eye(3).ravel() * calibrated,
            p=np.array([camera.fx, 0, camera.cx, 0, 0, camera.fy, camera.cy, 0, 0, 0, calibrated, 0]),
            binning_x=0,
            binning_y=0,
            roi=self._types["sensor_msgs/msg/RegionOfInterest"](0, 0, 0, 0, False),
        )

    def string(self, text: str) -> Any:
        """std_msgs/String."""
        return self._types["std_msgs/msg/String"](text)

    def transform(self, header: Any, child: str, translation: Iterable[float], quaternion: Iterable[float]) -> Any:
        """geometry_msgs/TransformStamped; metres, and (x, y, z, w)."""
        return self._types["geometry_msgs/msg/TransformStamped"](
            header,
            child,
            self._types["geometry_msgs/msg/Transform"](
                self._types["geometry_msgs/msg/Vector3"](*translation),
                self._types["geometry_msgs/msg/Quaternion"](*quaternion),
            ),
        )

    def transforms(self, edges: Sequence[Any]) -> Any:
        """tf2_msgs/TFMessage."""
        return self._types["tf2_msgs/msg/TFMessage"](list(edges))
