"""Prints how search fares on every set of judged queries; exit code 1 under a gate.

``python -m tests.search_eval.report``. Of our own queries only those put aside are counted: the
others were looked at while search was tuned.
"""

import sys
from dataclasses import dataclass

from catalog.search.evaluation import Gate, evaluate, failures, report, table
from tests.search_eval.judging import HERE, read


@dataclass(frozen=True)
class Sample:
    """Judged queries over the products of a file, and what search must reach on them."""

    title: str
    products: str
    queries: str
    gate: Gate
    only_held_out: bool = False
    untranslated: bool = False


GIVEN = Gate(overall=0.93, each_language=0.88)
SAMPLES = (
    Sample("given", "products", "queries", GIVEN),
    Sample("given, no translation indexed", "products", "queries", GIVEN, untranslated=True),
    Sample("own, put aside", "products", "own_catalogue", Gate(), only_held_out=True),
    Sample("own, hard questions", "products", "own_hard", Gate(0.80, 0.60)),
    Sample("own, what things are for", "products", "own_asked", Gate(0.80, 0.60)),
    Sample("own, as strangers ask", "products", "own_strangers", Gate()),
    Sample("own, as other strangers ask", "products", "own_strangers2", Gate(0.86, 0.6)),
    Sample(
        "own, strangers over the register", "register", "own_strangers_register", Gate(0.8, 0.6)
    ),
    Sample("own over the real register", "register", "own_register", Gate()),
    Sample("slips, put aside", "products", "derived_catalogue", Gate(), only_held_out=True),
    Sample("slips over the real register", "register", "derived_register", Gate()),
)


def main() -> int:
    """Print a table for each sample, and what misses its gate."""
    failed = []
    for sample in SAMPLES:
        queries = HERE / f"{sample.queries}.jsonl"
        judged = evaluate(
            HERE / f"{sample.products}.jsonl", queries, untranslated=sample.untranslated
        )
        if sample.only_held_out:
            kept = {line["query"] for line in read(queries) if line["split"] == "held-out"}
            judged = [one for one in judged if one.query in kept]
        parts = report(judged)
        missed = failures(parts, sample.gate)
        if sample.gate is GIVEN and parts["tag nodia"].ndcg < 0.93:
            missed.append(f"tag nodia: nDCG@10 {parts['tag nodia'].ndcg:.3f} is under 0.93")
        failed += [f"{sample.title}: {line}" for line in missed]
        sys.stdout.write(f"\n{sample.title}\n{table(parts)}\n")
    sys.stdout.write("\n" + "\n".join(failed or ["every gate is passed"]) + "\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
