"""How tables of words are written down."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, apart by blanks."""
    return frozenset(text.split())
