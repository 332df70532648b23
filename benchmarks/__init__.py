"""Measurements that are run by hand, and their results."""
