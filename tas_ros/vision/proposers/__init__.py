"""Backends that propose class-agnostic masks."""
