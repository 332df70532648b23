"""Writes recorded frames as a ROS 2 bag (mcap, zstd chunks) that `ros2 bag play` and any mcap reader understand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from tas_ros.demo.layout import Viewpoint, optical_in_link
from tas_ros.demo.transforms import quaternion_from_matrix
from tas_ros.vision.frame import CameraIntrinsics

IMAGE_TOPIC = "/camera/color/image_raw"
DEPTH_TOPIC = "/camera/aligned_depth_to_color/image_raw"
CAMERA_INFO_TOPIC = "/camera/color/camera_info"
TF_STATIC_TOPIC = "/tf_static"
INSTANCES_TOPIC = "/ground_truth/instances"
OBJECTS_TOPIC = "/ground_truth/objects"
BASE_FRAME = "base_link"

TOPICS = {
    TF_STATIC_TOPIC: "tf2_msgs/msg/TFMessage",
    CAMERA_INFO_TOPIC: "sensor_msgs/msg/CameraInfo",
    DEPTH_TOPIC: "sensor_msgs/msg/Image",
    IMAGE_TOPIC: "sensor_msgs/msg/Image",
    INSTANCES_TOPIC: "sensor_msgs/msg/Image",
    OBJECTS_TOPIC: "std_msgs/msg/String",
}


@dataclass(frozen=True, eq=False)
class RecordedFrame:
    """All that one camera says at one moment, with the truth about it."""

    stamp: int
    """Nanoseconds; in the header of every message of this frame."""
    viewpoint: Viewpoint
    intrinsics: CameraIntrinsics
    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    depth: NDArray[np.uint16]
    """(H, W) millimetres, 0 unknown."""
    labels: NDArray[np.uint8]
    """(H, W) object id, 0 none."""
    description: str
    """JSON about the labels."""


def write_bag(folder: Path, frames: Iterable[RecordedFrame]) -> int:
    """Write `frames` into a new bag `folder`; returns their number. Each viewpoint's frames go to /tf_static once."""
    messages = MessageFactory()
    writer = Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP)
    writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    viewpoints: dict[str, Viewpoint] = {}
    count = 0
    with writer:
        connections = {
            topic: writer.add_connection(
                topic, kind, typestore=messages.store, offered_qos_profiles=[_offered_qos(topic)]
            )
            for topic, kind in TOPICS.items()
        }
        for frame in frames:
            outgoing = messages.of_frame(frame)
            if frame.viewpoint.name not in viewpoints:
                viewpoints[frame.viewpoint.name] = frame.viewpoint
                # A latched topic keeps its newest message only, so each one repeats all frames known so far.
                outgoing = {TF_STATIC_TOPIC: messages.static_transforms(viewpoints.values(), frame.stamp), **outgoing}
            for topic, message in outgoing.items():
                raw = messages.store.serialize_cdr(message, TOPICS[topic])
                writer.write(connections[topic], frame.stamp, raw)
            count += 1
    return count


def _offered_qos(topic: str) -> Qos:
    """Reliable everywhere; /tf_static latched."""
    latched = topic == TF_STATIC_TOPIC
    unlimited = QosTime(2147483647, 4294967295)
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=1 if latched else 10,
        reliability=QosReliability.RELIABLE,
        durability=QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        deadline=unlimited,
        lifespan=unlimited,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=unlimited,
        avoid_ros_namespace_conventions=False,
    )


class MessageFactory:
    """Makes messages of the Jazzy type store."""

    def __init__(self) -> None:
        self.store = get_typestore(Stores.ROS2_JAZZY)
        self._types = self.store.types

    def of_frame(self, frame: RecordedFrame) -> dict[str, Any]:
        """The messages of one frame by topic, all with its stamp; the image comes last of the camera's own."""
        header = self.header(frame.stamp, frame.viewpoint.optical_frame)
        return {
            CAMERA_INFO_TOPIC: self.camera_info(header, frame.intrinsics, frame.rgb.shape[1], frame.rgb.shape[0]),
            DEPTH_TOPIC: self.image(header, frame.depth.view(np.uint8), "16UC1", frame.depth.shape),
            IMAGE_TOPIC: self.image(header, frame.rgb, "rgb8", frame.rgb.shape),
            INSTANCES_TOPIC: self.image(header, frame.labels, "mono8", frame.labels.shape),
            OBJECTS_TOPIC: self._types["std_msgs/msg/String"](frame.description),
        }

    def static_transforms(self, viewpoints: Iterable[Viewpoint], stamp: int) -> Any:
        """base_link -> <camera>_link -> <camera>_color_optical_frame for each viewpoint."""
        transforms = []
        for viewpoint in viewpoints:
            transforms.append(self._transform(stamp, BASE_FRAME, viewpoint.link_frame, viewpoint.link_pose()))
            transforms.append(self._transform(stamp, viewpoint.link_frame, viewpoint.optical_frame, optical_in_link()))
        return self._types["tf2_msgs/msg/TFMessage"](transforms)

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

    def _transform(self, stamp: int, parent: str, child: str, pose: NDArray[np.float64]) -> Any:
        return self._types["geometry_msgs/msg/TransformStamped"](
            self.header(stamp, parent),
            child,
            self._types["geometry_msgs/msg/Transform"](
                self._types["geometry_msgs/msg/Vector3"](*pose[:3, 3]),
                self._types["geometry_msgs/msg/Quaternion"](*quaternion_from_matrix(pose[:3, :3])),
            ),
        )
