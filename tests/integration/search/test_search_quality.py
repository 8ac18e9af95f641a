"""The given judged queries over the given products; the gate is under what is reached, not at it."""

from pathlib import Path

from catalog.search.evaluation import evaluate, ndcg, report, table

HERE = Path(__file__).parents[2] / "search_eval"


def test_judged_queries_find_what_they_should() -> None:
    parts = report(evaluate(HERE / "products.jsonl", HERE / "queries.jsonl"))
    print("\n" + table(parts))  # noqa: T201 # `make search-eval` is run to see it

    assert parts["all"].ndcg >= 0.95
    assert parts["all"].zero <= 0.01
    for name, part in parts.items():
        if name.startswith("lang"):
            assert part.ndcg >= 0.90, name


def test_a_better_order_has_a_greater_gain() -> None:
    grades = {"a": 3, "b": 1}

    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) < 1.0
    assert ndcg([], grades) == 0.0
