"""Recordings: read camera frames from any ROS 2 bag, answer commands on them, or play them back over DDS."""
