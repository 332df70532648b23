"""Text to Query. No torch, no ROS."""
