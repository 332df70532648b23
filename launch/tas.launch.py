# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Start the referring segmentation node. `ros2 launch tas_ros tas.launch.py --show-args` lists the arguments.

A guest in the launch file that includes it: it ends nothing but what `on_exit` is told to, and its arguments' defaults
stay its own. Give each of several copies its own arguments inside a GroupAction, as launch hands them on otherwise.
"""

from __future__ import annotations

from pathlib import Path

from launch.actions import DeclareLaunchArgument, GroupAction, OpaqueFunction, Shutdown
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare
from launch_ros.utilities import make_namespace_absolute, prefix_namespace

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity

TOPICS = {
    "image": ("image", "Topic of the camera's colour image"),
    "depth": ("depth", "Topic of the depth image registered to it; optional"),
    "camera_info": ("camera_info", "Topic of the colour camera's calibration; optional"),
    "command": ("command", "Topic of the commands, std_msgs/String"),
    "tf": ("/tf", "Topic of the transforms; 'tf' is the one of the namespace"),
    "tf_static": ("/tf_static", "Topic of the fixed transforms; 'tf_static' is the one of the namespace"),
}
"""Argument: default and description."""

PARAMETERS = {
    "profile": "Which models are loaded: embedded, realtime, paper, or the path of a profile of your own",
    "image_transport": "Type of the image topic: raw is sensor_msgs/Image, compressed is sensor_msgs/CompressedImage",
    "depth_transport": "Type of the depth topic: raw, or compressed for compressedDepth messages",
    "use_sim_time": "Whether time comes from /clock: true or false",
    "autostart": "Whether the node configures and activates itself: true, or false with a lifecycle manager",
    "perspective": "Whose left and right is meant where a command does not say: camera, image, robot or speaker",
    "robot_frame": "Frame of the robot's base in the transform tree; x forward, y left, z up",
    "speaker_frame": "Frame of the one who speaks, for 'my left'; x forward, y left, z up",
    "camera_pose": "Pose of the camera's optical frame in robot_frame, used where the transform tree knows none: "
    "'x y z roll pitch yaw' or 'x y z qx qy qz qw', metres and radians",
    "models_dir": "Folder of the models that tas models fetch brought",
    "device": "Where models with files run: auto, cpu, cuda or cuda:1",
    "precision": "Their floating-point type: auto, fp32, fp16 or bf16",
}
"""Arguments that set the parameter of the same name where they are given; otherwise params_file decides."""

SWITCHES = ("use_sim_time", "autostart")
"""Those of them that are true or false; all others are texts, whatever they look like: a frame "1" is no number."""


def generate_launch_description() -> LaunchDescription:
    """The node with its parameters and remappings, and rviz on request."""
    arguments = [
        DeclareLaunchArgument("namespace", default_value="", description="Namespace of the node and its topics"),
        DeclareLaunchArgument(
            "params_file",
            default_value="",
            description="YAML file with the node's parameters, keyed by /**. Empty: this package's for the profile",
        ),
        *(
            DeclareLaunchArgument(name, default_value="", description=f"{text}. Empty: as params_file says")
            for name, text in PARAMETERS.items()
        ),
        *(DeclareLaunchArgument(name, default_value=topic, description=text) for name, (topic, text) in TOPICS.items()),
        DeclareLaunchArgument(
            "log_level",
            default_value="",
            choices=["", "debug", "info", "warn", "error", "fatal"],
            description="Log level of the node. Empty: as of any ROS node",
        ),
        DeclareLaunchArgument(
            "on_exit",
            default_value="nothing",
            choices=["nothing", "respawn", "shutdown"],
            description="When the node's process ends: nothing else happens, it is started again, or all that was "
            "launched with it ends, too",
        ),
        DeclareLaunchArgument(
            "respawn_delay", default_value="2.0", description="Seconds until it is started again with on_exit:=respawn"
        ),
        DeclareLaunchArgument("rviz", default_value="false", description="Whether rviz2 shows mask and overlay"),
        DeclareLaunchArgument(
            "rviz_frame", default_value="", description="Fixed frame of rviz2. Empty: as config/tas.rviz says"
        ),
    ]
    # A group of its own: else these defaults, such as that of image, held for whatever the robot launches afterwards.
    return LaunchDescription([GroupAction([*arguments, OpaqueFunction(function=start)])])


def start(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """The node and rviz, with what the arguments say."""
    value = context.launch_configurations
    on_exit = value["on_exit"]
    # A plain Node, not a LifecycleNode: the node brings itself up, and a lifecycle manager finds it either way.
    tas = Node(
        package="tas_ros",
        executable="tas_node",
        name="tas",
        namespace=value["namespace"],
        output="screen",
        parameters=[parameters_file(context), given_parameters(context, *PARAMETERS)],
        remappings=remappings(context, *TOPICS),
        ros_arguments=["--log-level", f"{logger(context)}:={value['log_level']}"] if value["log_level"] else [],
        respawn=on_exit == "respawn",
        respawn_delay=float(value["respawn_delay"]),
        on_exit=[Shutdown(reason="tas_node ended, on_exit is shutdown")] if on_exit == "shutdown" else None,
    )
    rviz = Node(
        package="rviz2",
        executable="rviz2",
        namespace=value["namespace"],
        parameters=[given_parameters(context, "use_sim_time")],
        remappings=remappings(context, "tf", "tf_static"),
        arguments=[
            "-d",
            PathJoinSubstitution([FindPackageShare("tas_ros"), "config", "tas.rviz"]),
            *(["-f", value["rviz_frame"]] if value["rviz_frame"] else []),
        ],
        condition=IfCondition(LaunchConfiguration("rviz")),
    )
    return [tas, rviz]


def parameters_file(context: LaunchContext) -> str:
    """`params_file` where it is given, else the one of the profile; a profile of one's own has the defaults."""
    given = context.launch_configurations["params_file"]
    if given:
        return given
    folder = Path(FindPackageShare("tas_ros").perform(context)) / "config"
    of_profile = folder / f"{context.launch_configurations['profile'] or 'embedded'}.yaml"
    return str(of_profile if of_profile.is_file() else folder / "embedded.yaml")


def given_parameters(context: LaunchContext, *names: str) -> dict[str, ParameterValue]:
    """Those parameters whose arguments are given."""
    return {
        name: ParameterValue(LaunchConfiguration(name), value_type=bool if name in SWITCHES else str)
        for name in names
        if context.launch_configurations[name]
    }


def remappings(context: LaunchContext, *names: str) -> list[tuple[str, str]]:
    """From the names that the node uses, which are the defaults, to those of the arguments."""
    return [(TOPICS[name][0], context.launch_configurations[name]) for name in names]


def logger(context: LaunchContext) -> str:
    """Name of the node's logger, which contains the namespace: one arm's level is not the other's."""
    pushed = context.launch_configurations.get("ros_namespace")  # by PushRosNamespace in the file that includes this
    namespace = make_namespace_absolute(prefix_namespace(pushed, context.launch_configurations["namespace"])) or ""
    return ".".join([*filter(None, namespace.split("/")), "tas"])
