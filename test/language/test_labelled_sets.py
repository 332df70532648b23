# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Share of labels that the parser gets right, field by field. The labels were written by reading, not by a parser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tas_ros.language.parser import SpacyParser
from tas_ros.language.query import ObjectPhrase, Query, Relation

HERE = Path(__file__).parent
LEAST_SHARE = 0.95


def load(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / name).read_text().splitlines()]


def relation_matches(relation: Relation, label: dict) -> bool:
    heads = [anchor.head for anchor in relation.anchors]
    nested_right = all(
        any(relation_matches(inner, nested) for anchor in relation.anchors for inner in anchor.relations)
        for nested in label.get("nested", [])
    )
    same = relation.kind.value == label["kind"] and relation.negated == label.get("negated", False)
    return same and heads == label["anchors"] and nested_right


def relations_match(relations: tuple[Relation, ...], labels: list[dict]) -> bool:
    return len(relations) == len(labels) and all(any(relation_matches(r, label) for r in relations) for label in labels)


def head_of(phrase: ObjectPhrase | None) -> str:
    return phrase.head if phrase is not None else ""


def judge(query: Query, label: dict) -> dict[str, bool]:
    """Field by field, whether query and label agree."""
    if not label["valid"] or not query.valid:
        return {"valid": query.valid == label["valid"]}
    ordinal = [query.ordinal.index, query.ordinal.side.value] if query.ordinal else None
    return {
        "valid": True,
        "target": query.target.head == label["head"],
        "positions": {p.value for p in query.positions} == set(label.get("positions", [])),
        "ordinal": ordinal == label.get("ordinal"),
        "superlatives": [[s.kind.value, s.rank] for s in query.superlatives] == label.get("superlatives", []),
        "relations": relations_match(query.relations, label.get("relations", [])),
        "perspective": (query.perspective.value if query.perspective else None) == label.get("perspective"),
        "destination": head_of(query.destination) == label.get("destination", ""),
    }


def demanding(field: str, label: dict) -> bool:
    """Whether the label says something in that field, so that a parser that reads nothing there cannot pass."""
    return field in ("valid",) or (field == "target" and label["valid"]) or bool(label.get(field))


@pytest.mark.parametrize(
    ("name", "least"),
    [("labelled_expressions.jsonl", 300), ("labelled_commands.jsonl", 100), ("labelled_perspectives.jsonl", 40)],
    ids=["expressions", "commands", "perspectives"],
)
def test_share_of_labels_read_right(parser: SpacyParser, name: str, least: int, record_property) -> None:
    labels = load(name)
    assert len(labels) >= least
    right: dict[str, list[bool]] = {}
    said: dict[str, list[bool]] = {}
    wrong = []
    for label in labels:
        query = parser.parse(label["text"])
        verdict = judge(query, label)
        for field, good in verdict.items():
            right.setdefault(field, []).append(good)
            if demanding(field, label):
                said.setdefault(field, []).append(good)
            if not good:
                wrong.append(f"{field}: {label['text']!r} -> {query.describe()}")
    shares = {field: sum(v) / len(v) for field, v in right.items()}
    said_shares = {field: sum(v) / len(v) for field, v in said.items()}
    report = "\n".join(
        [f"{f}: {shares[f]:.3f} of {len(right[f])}; where said {said_shares.get(f, 1.0):.3f} of {len(said.get(f, []))}"
         for f in shares] + wrong
    )  # fmt: skip
    print(report)
    record_property("shares", json.dumps(shares))
    assert min(shares.values()) >= LEAST_SHARE, report
    enough = [f for f, v in said.items() if len(v) >= 10]
    assert min(said_shares[f] for f in enough) >= LEAST_SHARE, report
