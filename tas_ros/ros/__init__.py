"""The ROS side: the managed node and what it needs. Everything outside this folder knows no ROS."""
