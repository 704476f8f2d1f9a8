"""The command `bridge`: two moments, two models, the plan of then, and what cannot be answered."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import serving.__main__ as door
from data.errors import TierwiseError
from serving.bridge.account import Bridge
from serving.bridge.door import bridge_of
from serving.engine import Engine
from serving.plan import Plan, promote
from tests.serving.bridge.conftest import World
from training.shelf import shelf

BUYER = "c001"


@pytest.fixture
def own(engine: Engine, home: Path, plan: Plan, tmp_path: Path) -> Path:
    """A home of its own, with the shop's models and its current plan: others of the shop's are other tests'."""
    shutil.copytree(home / engine.book.name / "bundles", shelf(engine.book.name, tmp_path))
    plan.save(tmp_path)
    promote(plan, tmp_path, plan.cutoff)
    return tmp_path


def asked(engine: Engine, own: Path, customer: str = BUYER, **options: str) -> Bridge:
    given = dict.fromkeys(("since", "cutoff", "from_model", "to_model", "language")) | options
    return bridge_of(engine, customer, home=own, **given)  # type: ignore[arg-type]


def test_it_leads_from_one_horizon_ago_to_the_last_day_with_an_event(engine: Engine, own: Path) -> None:
    told = asked(engine, own)
    assert (told.before.cutoff[:10], told.after.cutoff[:10]) == ("2024-04-21", "2024-05-19")
    assert told.before.model_version == told.after.model_version == engine.bundle.version


def test_a_model_is_named_by_its_version(engine: Engine, own: Path, world: World) -> None:
    world.newer.save(shelf(engine.book.name, own))
    told = asked(engine, own, from_model=world.newer.version, since="2024-05-19")
    assert told.before.model_version == world.newer.version
    assert told.scores["lifetime_value"].steps[-1].difference != 0.0


def test_the_plan_of_then_is_the_latest_that_the_model_had(engine: Engine, own: Path, plan: Plan) -> None:
    earlier = replace(plan, cutoff=plan.cutoff - 1, customers=1)
    latest = replace(plan, cutoff=plan.cutoff - 1000, customers=2)
    elsewhere = replace(plan, cutoff=plan.cutoff - 1, model_version="0" * 16)
    for saved in (replace(earlier, cutoff=0), latest, elsewhere):
        saved.save(own)
    (own / engine.book.name / "plans" / "0000000000000000.json").write_text("damaged")
    moment = "2024-05-19T23:59:59.999998+02:00"
    told = asked(engine, own, since=moment)
    assert (told.before.plan_version, told.after.plan_version) == (latest.version, plan.version)
    assert asked(engine, own, since="2024-05-01").before.plan_version == replace(earlier, cutoff=0).version


def test_without_a_plan_of_then_the_current_one_stands_in(engine: Engine, own: Path, plan: Plan) -> None:
    assert asked(engine, own, since="2024-05-01").before.plan_version == plan.version


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"customer": "nobody"}, 'has no customer "nobody": nothing is on record under this id; check'),
        ({"since": "2024-05-25"}, r"--since: 2024-05-25 lies after the cutoff \(2024-05-19\); choose an earlier"),
        ({"since": "soon"}, "--since: expected a date"),
        ({"since": "1999-01-01"}, "--since: lies before the book's first event"),
        ({"cutoff": "2500-01-01"}, "--cutoff: lies too far after the book's last event"),
        ({"cutoff": "2024-01-10"}, r"--since \(by default one horizon before the cutoff\): lies before"),
        ({"from_model": "../current"}, 'has no model "../current"; choose one of [0-9a-f]{16}'),
        ({"to_model": "deadbeef"}, 'has no model "deadbeef"'),
    ],
)
def test_what_cannot_be_answered_is_told_with_what_to_do(
    engine: Engine, own: Path, options: dict[str, str], message: str
) -> None:
    with pytest.raises(TierwiseError, match=message):
        asked(engine, own, **options)


def test_a_damaged_model_is_named(engine: Engine, own: Path, world: World) -> None:
    folder = world.newer.save(shelf(engine.book.name, own))
    (folder / "churn.txt").write_text("damaged")
    with pytest.raises(TierwiseError, match=f"model {folder.name} cannot tell its part .* was changed"):
        asked(engine, own, from_model=folder.name)


def test_a_model_of_other_settings_is_refused(engine: Engine, own: Path, world: World) -> None:
    other = replace(world.newer, settings="0" * 64)
    other.save(shelf(engine.book.name, own))
    with pytest.raises(TierwiseError, match="targets changed since its model was trained"):
        asked(engine, own, to_model=other.version)


def test_the_command_prints_it(shop: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    result = CliRunner().invoke(door.app, ["bridge", "corner_shop.toml", BUYER, "--since", "2024-04-10"])
    assert result.exit_code == 0, result.output
    assert f"Customer {BUYER}, 2024-04-10 to 2024-05-19" in result.stdout
    assert "Strongest reasons" in result.stdout
