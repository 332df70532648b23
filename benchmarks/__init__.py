"""Measurements that are run by hand, and their results."""

from tas_ros.thread_pools import prepare_environment

prepare_environment()
