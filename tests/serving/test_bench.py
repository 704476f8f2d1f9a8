import json

from serving.bench.measure import measured
from serving.bench.report import document, tables_of
from serving.engine import Engine
from training.labels import TARGETS


def test_a_bench_measures_every_forest_both_sides_and_every_sum(engine: Engine) -> None:
    steps: list[str] = []
    found = measured(engine, 20, steps.append)
    assert {table.what for table in found.tables} >= {name.replace("_", " ") for name in engine.bundle.models}
    assert all(race.ours and race.anchor and race.ratios[0] > 0 for race in found.races)
    assert {sums.target for sums in found.sums} == set(TARGETS)
    assert max(max(sums.residual, sums.from_score) for sums in found.sums) < 1e-9
    assert found.recommended[0] >= 20
    assert json.loads(document(found))["customers"] == found.customers
    assert len(tables_of(found)) == len(steps) == 4
