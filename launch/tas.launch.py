"""Start the referring segmentation node. `ros2 launch tas_ros tas.launch.py --show-args` lists the arguments."""

from __future__ import annotations

from launch.actions import DeclareLaunchArgument, EmitEvent, OpaqueFunction, RegisterEventHandler
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.events import Shutdown
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity

TOPICS = ("image", "depth", "camera_info", "command")
LEFT_TO_FILE = {
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


def generate_launch_description() -> LaunchDescription:
    """The node with its parameters and remappings, and rviz on request."""
    # A list, not a nested list inside the join: Jazzy and Humble accept no lists there.
    default_params = [
        PathJoinSubstitution([FindPackageShare("tas_ros"), "config", LaunchConfiguration("profile")]),
        ".yaml",
    ]
    arguments = [
        DeclareLaunchArgument("namespace", default_value="", description="Namespace of the node and its topics"),
        DeclareLaunchArgument(
            "profile",
            default_value="embedded",
            description="Which models are loaded: embedded, realtime, paper, or the path of a profile of your own "
            "(then give params_file too)",
        ),
        DeclareLaunchArgument(
            "params_file",
            default_value=default_params,
            description="YAML file with the node's parameters, keyed by /**",
        ),
        DeclareLaunchArgument("image", default_value="image", description="Topic of the camera's colour image"),
        DeclareLaunchArgument(
            "depth", default_value="depth", description="Topic of the depth image registered to it; optional"
        ),
        DeclareLaunchArgument(
            "camera_info", default_value="camera_info", description="Topic of the colour camera's calibration; optional"
        ),
        DeclareLaunchArgument("command", default_value="command", description="Topic of the commands, std_msgs/String"),
        DeclareLaunchArgument(
            "image_transport",
            default_value="raw",
            choices=["raw", "compressed"],
            description="Type of the image topic: sensor_msgs/Image or sensor_msgs/CompressedImage",
        ),
        DeclareLaunchArgument(
            "use_sim_time", default_value="false", choices=["true", "false"], description="Take time from /clock"
        ),
        DeclareLaunchArgument(
            "autostart",
            default_value="true",
            choices=["true", "false"],
            description="Configure and activate at start; false leaves that to a lifecycle manager",
        ),
        DeclareLaunchArgument(
            "log_level", default_value="info", choices=["debug", "info", "warn", "error"], description="Log level"
        ),
        DeclareLaunchArgument(
            "rviz", default_value="false", choices=["true", "false"], description="Show image and overlay in rviz2"
        ),
    ]
    arguments += [
        DeclareLaunchArgument(name, default_value="", description=f"{text}. Empty: as params_file says")
        for name, text in LEFT_TO_FILE.items()
    ]
    rviz = Node(
        package="rviz2",
        executable="rviz2",
        namespace=LaunchConfiguration("namespace"),
        arguments=["-d", PathJoinSubstitution([FindPackageShare("tas_ros"), "config", "tas.rviz"])],
        condition=IfCondition(LaunchConfiguration("rviz")),
    )
    return LaunchDescription([*arguments, OpaqueFunction(function=start_node), rviz])


def start_node(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """The node, with those parameters that the arguments set, and the end of the launch with it."""
    given = {name: context.launch_configurations[name] for name in LEFT_TO_FILE}
    # A plain Node, not a LifecycleNode: the node brings itself up, and a lifecycle manager finds it either way.
    tas = Node(
        package="tas_ros",
        executable="tas_node",
        name="tas",
        namespace=LaunchConfiguration("namespace"),
        output="screen",
        parameters=[
            LaunchConfiguration("params_file"),
            {
                "profile": LaunchConfiguration("profile"),
                "image_transport": LaunchConfiguration("image_transport"),
                "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
                "autostart": ParameterValue(LaunchConfiguration("autostart"), value_type=bool),
                # As strings, whatever they look like: a device "0" or a frame "1" is no number.
                **{name: ParameterValue(value, value_type=str) for name, value in given.items() if value},
            },
        ],
        remappings=[(topic, LaunchConfiguration(topic)) for topic in TOPICS],
        arguments=["--ros-args", "--log-level", ["tas:=", LaunchConfiguration("log_level")]],
    )
    finish = RegisterEventHandler(OnProcessExit(target_action=tas, on_exit=[EmitEvent(event=Shutdown())]))
    return [tas, finish]
