"""Backends that say in words what a region or an image shows."""
