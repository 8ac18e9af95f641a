"""Judged queries; the gates are under what is reached, not at it. `make search-eval` shows the tables."""

import json

import pytest

from catalog.search.evaluation import Gate, evaluate, failures, ndcg, report
from tests.search_eval import judging
from tests.search_eval.report import GIVEN

HERE = judging.HERE


def test_given_queries_find_what_they_should() -> None:
    parts = report(evaluate(HERE / "products.jsonl", HERE / "queries.jsonl"))

    assert failures(parts, GIVEN) == []
    assert parts["tag nodia"].ndcg >= 0.93


def test_goods_that_nobody_translated_are_found_from_nine_languages() -> None:
    judged = evaluate(HERE / "products.jsonl", HERE / "own_catalogue.jsonl", untranslated=True)

    assert failures(report(judged), Gate(overall=0.93, each_language=0.88)) == []


@pytest.mark.parametrize(
    ("products", "queries"),
    [("register", "own_register"), ("products", "derived_catalogue")],
)
def test_other_queries_pass_the_gate(products: str, queries: str) -> None:
    parts = report(evaluate(HERE / f"{products}.jsonl", HERE / f"{queries}.jsonl"))

    assert failures(parts, Gate()) == []


def test_files_of_judged_queries_are_what_their_rules_give() -> None:
    for name, rows in judging.files().items():
        assert judging.read(HERE / name) == json.loads(json.dumps(rows)), name


def test_a_gate_says_what_misses_it() -> None:
    judged = evaluate(HERE / "register.jsonl", HERE / "own_register.jsonl")

    found = failures(report(judged), Gate(overall=1.0, each_language=0.0))

    assert len(found) == 1
    assert found[0].startswith("all: nDCG@10 0.9")


def test_a_better_order_has_a_greater_gain() -> None:
    grades = {"a": 3, "b": 1}

    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) < 1.0
    assert ndcg([], grades) == 0.0
