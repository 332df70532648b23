# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Play a recorded bag into the node, in simulated time: `ros2 launch tas_ros replay.launch.py bag:=DIR image:=TOPIC`.

Every argument of tas.launch.py (namespace, image, depth, camera_info, command, ...) is accepted and passed on.
"""

from __future__ import annotations

from launch.actions import DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription, OpaqueFunction
from launch.conditions import IfCondition
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity


def generate_launch_description() -> LaunchDescription:
    """`ros2 bag play` in a loop beside tas.launch.py; arguments left out have that file's defaults."""
    tas = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(PathJoinSubstitution([FindPackageShare("tas_ros"), "launch", "tas.launch.py"])),
        launch_arguments={name: LaunchConfiguration(name) for name in ("use_sim_time", "on_exit")}.items(),
    )
    return LaunchDescription(
        [
            DeclareLaunchArgument("bag", description="rosbag2 folder or file to play"),
            DeclareLaunchArgument("rate", default_value="1.0", description="Speed of the replay, 1.0 is real time"),
            DeclareLaunchArgument(
                "use_sim_time",
                default_value="true",
                description="Whether the bag's time is published on /clock and the node goes by it",
            ),
            DeclareLaunchArgument(
                "on_exit",
                default_value="shutdown",
                description="When the node's process ends, as in tas.launch.py: nothing, respawn or shutdown. Here "
                "shutdown, as nobody else needs the recording",
            ),
            tas,
            OpaqueFunction(function=play),
        ]
    )


def play(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """The player; /clock comes from it only where it is asked for, as a robot's other nodes may hear it."""
    clock = ["--clock"] if IfCondition(LaunchConfiguration("use_sim_time")).evaluate(context) else []
    options = [*clock, "--loop", "--rate", LaunchConfiguration("rate")]
    return [ExecuteProcess(cmd=["ros2", "bag", "play", *options, LaunchConfiguration("bag")], output="screen")]
