"""Scripts that fit the weights and constants kept in the package. Not installed."""

from tas_ros.thread_pools import prepare_environment

prepare_environment()
