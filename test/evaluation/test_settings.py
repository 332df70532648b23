"""What tells one run from another."""

from tas_ros.evaluation import settings


def test_altered_code_or_weights_of_the_package_are_another_run(tmp_path, monkeypatch) -> None:
    package = tmp_path / "tas_ros"
    (package / "evaluation").mkdir(parents=True)
    monkeypatch.setattr(settings, "__file__", str(package / "evaluation" / "settings.py"))
    (package / "rule.py").write_text("WEIGHT = 0.1\n", "utf-8")
    (package / "head.npz").write_bytes(b"weights")
    before = settings.own_digest()
    (package / "notes.md").write_text("no code", "utf-8")
    assert settings.own_digest() == before
    (package / "rule.py").write_text("WEIGHT = 0.2\n", "utf-8")
    assert settings.own_digest() != before
    (package / "rule.py").write_text("WEIGHT = 0.1\n", "utf-8")
    (package / "head.npz").write_bytes(b"other w")
    assert settings.own_digest() != before
