import pytest

from tas_ros.evaluation.training_data import LEAK_CLASSES, describe_training_data
from tas_ros.profiles import PROFILES


@pytest.mark.parametrize("name", PROFILES)
def test_every_backend_of_every_profile_is_on_record(name: str) -> None:
    described = describe_training_data(PROFILES[name])
    assert described["leak_class"] in LEAK_CLASSES[:-1]
    assert {kind: each["name"] for kind, each in described["backends"].items()}["encoder"] == PROFILES[
        name
    ].encoder.name


def test_the_worst_backend_decides() -> None:
    assert describe_training_data(PROFILES["embedded"])["leak_class"] == "COCO captions"
