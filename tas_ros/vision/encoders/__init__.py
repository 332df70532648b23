"""Backends that put image regions and text into one space."""
