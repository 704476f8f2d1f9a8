import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from time import sleep

import numpy as np
import pytest
from scipy.special import expit

from training import dask_workers
from training.boosting import fit_booster, losses
from training.distributed import AT_HOME, Cluster, engine_of
from training.errors import TrainingError
from training.metrics import auc
from training.sample import Sample
from training.trees.forest import Forest

ROUNDS = 60


def a_sample(rows: int = 6_000, seed: int = 1, weights: bool = False) -> Sample:
    """Chances that depend on two numbers and a category, some of it missing, from where a theory starts."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 8))
    features[:, 3] = rng.integers(0, 6, rows)
    link = features[:, 0] + np.where(features[:, 3] == 2, 1.5, -0.5) + 0.5 * features[:, 1] ** 2
    features[rng.random(rows) < 0.2, 1] = np.nan
    labels = (rng.random(rows) < expit(link)).astype(np.float64)
    names = ("a", "b", "c", "kind", "d", "e", "f", "g")
    customers = np.arange(rows) // 3
    return Sample(
        features,
        labels,
        np.full(rows, 0.2),
        customers,
        np.arange(rows) % 3,
        names,
        ("kind",),
        hidden=("g",),
        weights=rng.uniform(0.5, 1.5, rows) if weights else None,
    )


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def cluster(told: list[str]) -> Iterator[Cluster]:
    """Two worker processes of one thread each."""
    client_of = pytest.importorskip("distributed", reason="the extra `dask` is not installed").Client
    with pytest.importorskip("data.engines.dask").local_cluster(2) as local, client_of(local) as client:
        yield Cluster(client, told.append)


def test_trees_of_a_cluster_predict_as_well_as_those_of_one_machine(cluster: Cluster) -> None:
    sample, judged = a_sample(), a_sample(seed=2)
    far = cluster.grow("churn", sample, {}, ROUNDS, 0)
    near = fit_booster("churn", sample, {}, ROUNDS, 0)
    told = [judged.start + Forest(each.model_to_string()).predict(judged.features) for each in (far, near)]
    areas = [auc(judged.labels, expit(link)) for link in told]
    costs = [losses("churn", link, judged.labels).mean() for link in told]
    assert areas[0] > 0.7
    assert abs(areas[0] - areas[1]) <= 0.003
    assert abs(costs[0] / costs[1] - 1) <= 0.01


def test_weights_categories_money_and_hidden_columns_reach_the_cluster(cluster: Cluster) -> None:
    sample = a_sample(weights=True)
    text = cluster.grow("lifetime_value", sample, {"num_leaves": 7}, 5, 0).model_to_string()
    for line in ("[objective: tweedie]", "[tweedie_variance_power: 1.3]", "[num_leaves: 7]", "[min_data_in_leaf: 60]"):
        assert line in text
    assert "[categorical_feature: 3]" in text
    assert Forest(text).names == sample.names
    assert 0 < text.count("\nTree=") <= 5
    assert "[seed: 0]" in text
    assert "g=" not in text.partition("feature_importances:")[2].partition("parameters")[0]


def test_a_category_that_some_worker_knows_nothing_of_kills_nobody(cluster: Cluster, told: list[str]) -> None:
    told.clear()
    sample = a_sample(700)
    sample.features[:, 4:6] = np.nan
    sample.features[5, 5] = 1.0
    sample = replace(sample, categorical=("kind", "d", "e"))
    text = cluster.grow("churn", sample, {"min_data_in_leaf": 5}, 5, 0).model_to_string()
    assert "[categorical_feature: 3]" in text
    assert Forest(text).names == sample.names
    assert told == []


def test_a_model_names_no_host(cluster: Cluster) -> None:
    text = cluster.grow("churn", a_sample(1_500), {}, 3, 0).model_to_string()
    assert "127.0.0.1" not in text
    for name, value in AT_HOME.items():
        assert f"[{name}: {value}]" in text


def test_a_worker_that_is_killed_costs_an_attempt_and_not_the_model(cluster: Cluster, told: list[str]) -> None:
    told.clear()
    victim = next(iter(cluster.client.run(os.getpid).values()))

    def kill() -> None:
        while not any("_train_part" in str(key) for keys in cluster.client.processing().values() for key in keys):
            sleep(0.02)
        sleep(0.2)
        os.kill(victim, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    booster = cluster.grow("churn", a_sample(10_000), {"num_leaves": 31}, 500, 0)
    killer.join()
    assert booster.num_trees() == 500
    assert any("attempt 1 of 3" in line for line in told)


def test_a_scheduler_that_does_not_answer_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    monkeypatch.setattr(dask_workers, "REACH_SECONDS", 1)
    with (
        pytest.raises(TrainingError, match=r"no Dask scheduler answers at .*refused, nothing listens there"),
        engine_of("dask:tcp://127.0.0.1:9"),
    ):
        pass


def test_so_many_workers_of_this_machine_are_as_many(cluster: Cluster) -> None:
    with engine_of("dask:1") as engine:
        assert engine.facts == {"grown_on": {"engine": "dask", "workers": 1}}
        text = engine.grow("churn", a_sample(1_500), {}, 3, 0).model_to_string()
    assert 0 < text.count("\nTree=") <= 3


def test_no_workers_are_refused(cluster: Cluster) -> None:
    with pytest.raises(TrainingError, match="dask:0 has no workers: give one or more"), engine_of("dask:0"):
        pass


@pytest.mark.parametrize(("on", "meant"), [("Dask:2", "dask"), ("LOCAL", "local")])
def test_an_engine_in_capitals_is_told_what_was_meant(on: str, meant: str) -> None:
    with pytest.raises(TrainingError, match=f'did you mean "{meant}"'), engine_of(on):
        pass


@pytest.mark.parametrize("on", ["spark", "ray:head", "", "local:2", "Dask"])
def test_an_unknown_engine_is_told_at_once(on: str) -> None:
    with pytest.raises(TrainingError, match="local, dask or dask:<address"), engine_of(on):
        pass


def test_without_the_extra_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TrainingError, match=r"pip install 'tierwise\[dask\]'"), engine_of("dask"):
        pass


def test_one_machine_leaves_no_note() -> None:
    with engine_of("local") as engine:
        assert (engine.grow, engine.facts) == (fit_booster, {})
