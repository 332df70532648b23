# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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
