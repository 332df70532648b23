"""Play a recorded bag into the node, in simulated time: `ros2 launch tas_ros replay.launch.py bag:=DIR image:=TOPIC`.

Every argument of tas.launch.py (namespace, image, depth, camera_info, command, ...) is accepted and passed on.
"""

from __future__ import annotations

from launch.actions import DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

from launch import LaunchDescription


def generate_launch_description() -> LaunchDescription:
    """`ros2 bag play --clock` in a loop beside tas.launch.py; arguments left out have that file's defaults."""
    bag = ExecuteProcess(
        cmd=[
            "ros2",
            "bag",
            "play",
            "--clock",
            "--loop",
            "--rate",
            LaunchConfiguration("rate"),
            LaunchConfiguration("bag"),
        ],
        output="screen",
    )
    tas = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(PathJoinSubstitution([FindPackageShare("tas_ros"), "launch", "tas.launch.py"])),
        launch_arguments={"use_sim_time": "true"}.items(),
    )
    return LaunchDescription(
        [
            DeclareLaunchArgument("bag", description="rosbag2 folder or file to play"),
            DeclareLaunchArgument("rate", default_value="1.0", description="Speed of the replay, 1.0 is real time"),
            tas,
            bag,
        ]
    )
