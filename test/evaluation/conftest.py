"""Loads the maker of refer-layout sets by its path: tests are no package, and Python has a package `test` already."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def refer_maker():
    spec = spec_from_file_location("refer_maker", Path(__file__).with_name("refer_maker.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def refer_root(tmp_path: Path, toy_set, refer_maker) -> Path:
    """Two pictures; annotations 0, 1, 2 and 3, 4, 5; sentences 0, 2 mean 0, 1 means 1 and 3 means 5."""
    return refer_maker.make_refer_set(tmp_path / "refer", toy_set.write(tmp_path / "toy"))
