from __future__ import annotations

import pytest

from tas_ros.language.spacy_parser import SpacyParser


@pytest.fixture(scope="session")
def parser() -> SpacyParser:
    return SpacyParser()
