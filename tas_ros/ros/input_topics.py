# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Names and types of the camera's topics, as image_transport forms them, and what the graph says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rclpy.qos import DurabilityPolicy, ReliabilityPolicy
from sensor_msgs.msg import CompressedImage, Image

COMPRESSED_SUFFIXES = {"image": ("/compressed",), "depth": ("/compressedDepth", "/compressed")}
"""What image_transport appends to a base name. The first is subscribed to; PNG of 16UC1 comes on /compressed, too."""
TYPES = {"raw": "sensor_msgs/msg/Image", "compressed": "sensor_msgs/msg/CompressedImage"}


class InputTopic:
    """`image` or `depth`, remapped.

    With the transport `compressed`, a base name gets image_transport's suffix, a name that ends in it stays. A topic of
    CompressedImage with any other name is found by `follow_publishers`.
    """

    def __init__(self, node: Any, role: str, transport: str) -> None:
        self._node = node
        self.role = role
        self.transport = transport
        self.message_type = CompressedImage if transport == "compressed" else Image
        self.base = node.resolve_topic_name(role)
        """The name that `role` is remapped to."""
        self.asked = role
        """What a subscription is made for; rclpy remaps it."""
        if transport == "compressed":
            suffixes = COMPRESSED_SUFFIXES[role]
            self.asked = self.base if self.base.endswith(suffixes) else self.base + suffixes[0]

    @property
    def name(self) -> str:
        """Of the topic that is listened to, fully resolved."""
        return str(self._node.resolve_topic_name(self.asked))

    def announced(self) -> bool:
        """Whether anyone publishes it, or the same picture by the other transport."""
        return any(self._node.count_publishers(name) for name in self._names())

    def follow_publishers(self) -> bool:
        """Turn to the plain name where CompressedImage is published there and nothing under the suffix; whether so."""
        if self.transport != "compressed" or self.name == self.base or self._node.count_publishers(self.name):
            return False
        if all(info.topic_type != TYPES["compressed"] for info in self._publishers(self.base)):
            return False
        self.asked = self.base
        return True

    def why_nothing_came(self) -> str:
        """What is published there instead, and what to set; for a person."""
        there = self._publishers(self.name)
        fitting = [info for info in there if info.topic_type == TYPES[self.transport]]
        if fitting:
            return f"topic {self.name} has {_listed(there)}, but nothing has come from it; {self._cure(fitting)}"
        other = "raw" if self.transport == "compressed" else "compressed"
        for name in self._names():
            elsewhere = self._publishers(name)
            if any(info.topic_type == TYPES[other] for info in elsewhere):
                return f"topic {name} has {_listed(elsewhere)}; set {self.role}_transport:={other}"
        if there:
            return f"topic {self.name} has {_listed(there)}; it must be {TYPES[self.transport]}"
        return (
            f"nothing is published on {self.name}; check that the camera runs and that its topic is remapped to "
            f"`{self.role}`"
        )

    def _cure(self, publishers: Sequence[Any]) -> str:
        """What to do about publishers of the right type that are not heard."""
        for listener in self._node.get_subscriptions_info_by_topic(self.name):
            if not self._is_ours(listener):
                continue
            for policy, wanted, other in (
                ("reliability", ReliabilityPolicy.RELIABLE, "best_effort"),
                ("durability", DurabilityPolicy.TRANSIENT_LOCAL, "volatile"),
            ):
                offered = {getattr(each.qos_profile, policy) for each in publishers}
                if getattr(listener.qos_profile, policy) is wanted and wanted not in offered:
                    where = f"qos_overrides.{self.name}.subscription.{policy}"
                    return (
                        f"{_word(wanted)} is asked for and not offered, set "
                        + ("image_reliability or " if policy == "reliability" else "")
                        + f"{where} to {other}"
                    )
        return "is the camera paused, or are its large messages lost (config/fastdds_shm.xml)?"

    def _is_ours(self, info: Any) -> bool:
        return (info.node_name, info.node_namespace) == (self._node.get_name(), self._node.get_namespace())

    def _names(self) -> Sequence[str]:
        """The topic's own name first, then those that the other transports of image_transport give it."""
        suffixed = (self.base + suffix for suffix in COMPRESSED_SUFFIXES[self.role])
        return tuple(dict.fromkeys((self.name, self.base, *suffixed)))

    def _publishers(self, name: str) -> Sequence[Any]:
        found: Sequence[Any] = self._node.get_publishers_info_by_topic(name)
        return found


class InputTopics:
    """The camera's topics of one activation of the node."""

    def __init__(self, node: Any, settings: Any) -> None:
        self._node = node
        self.image = InputTopic(node, "image", settings.image_transport)
        self.depth = InputTopic(node, "depth", settings.depth_transport)

    def why_nothing_came(self, role: str) -> str:
        """Of `image` or `depth`, for a person."""
        reason = (self.image if role == "image" else self.depth).why_nothing_came()
        if self._node.get_parameter("use_sim_time").value and not self._node.get_clock().now().nanoseconds:
            reason += "; use_sim_time is true, but no time has come on /clock"
        return reason


def _listed(publishers: Sequence[Any]) -> str:
    """ "1 publisher of sensor_msgs/msg/Image (best effort, volatile; /camera)", likewise of several kinds."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    nodes: dict[tuple[str, str, str], set[str]] = {}
    for info in publishers:
        qos = info.qos_profile
        kind = (info.topic_type, _word(qos.reliability), _word(qos.durability))
        kinds[kind] += 1
        nodes.setdefault(kind, set()).add(_node_of(info))
    return " and ".join(
        f"{count} publisher{'s' if count > 1 else ''} of {kind[0]} ({', '.join(kind[1:])}; "
        f"{', '.join(sorted(nodes[kind]))})"
        for kind, count in kinds.items()
    )


def _node_of(info: Any) -> str:
    """Its full name; DDS learns of an endpoint before it learns whose it is."""
    if info.node_name.startswith("_NODE_NAME_UNKNOWN"):
        return "unknown node"
    return f"{info.node_namespace.rstrip('/')}/{info.node_name}"


def _word(policy: Any) -> str:
    return str(policy.name).lower().replace("_", " ")
