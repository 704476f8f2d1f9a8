import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from data.clock import end_of_day
from evaluation.__main__ import app
from evaluation.tiering import wording
from evaluation.tiering.outcomes import METRICS
from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override


@pytest.fixture(scope="module")
def measured(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the door writes for the shop, where somebody once set a tier by hand."""
    work = tmp_path_factory.mktemp("tiers")
    starts = end_of_day(date(2024, 4, 30), "UTC")
    said = {"tier": "gold", "by": "Li", "reason": "knows them", "value_then": 40.0, "churn_then": None}
    then = {"starts": starts, "expires": starts + 9, "recorded": starts, "model_version": "old", "tier_then": "silver"}
    Ledger.open("shop", work / ".tierwise").record(Override(id=UNRECORDED, customer_id="c001", **said, **then))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        outcome = CliRunner().invoke(app, ["tiers", str(shop), "--out", "out", "--months", "3", "--seed", "5"])
    assert outcome.exit_code == 0, outcome.output
    assert "no survey" in outcome.output
    assert "0 accounts of 0 customers, 0 peers: too few to tell" in outcome.output
    return work / "out"


def test_every_customer_at_a_review_is_in_one_tier(measured: Path) -> None:
    found = json.loads((measured / "tiers.json").read_text())
    assert (found["book"], found["horizon_days"], found["seed"]) == ("shop", 60, 5)
    reviews = [sum(review["customers"]) for review in found["reviews"]]
    assert len(reviews) == 3
    assert sum(row["cases"] for row in found["effects"]) == sum(reviews)
    assert sum(row["value_share"]["value"] for row in found["effects"]) == pytest.approx(1.0)
    assert sum(sum(row.values()) for row in found["flows"].values()) == reviews[-1]


def test_higher_tiers_brought_more_and_without_a_survey_there_is_no_nps(measured: Path) -> None:
    found = json.loads((measured / "tiers.json").read_text())
    values = [row["figures"]["value"]["value"] for row in found["effects"]]
    assert values == sorted(values, reverse=True)
    for row in found["effects"]:
        assert row["figures"]["nps"] == row["figures"]["csat"] == {"value": None, "low": None, "high": None}
        repurchase, churn = (row["figures"][name]["value"] for name in ("repurchase", "churn"))
        assert repurchase + churn == pytest.approx(1.0)


def test_chances_and_moves_are_told(measured: Path) -> None:
    found = json.loads((measured / "tiers.json").read_text())
    assert [row["direction"] for row in found["moves"]] == ["up", "stayed", "down"]
    assert set(found["reliability"]["calibration"]) == {"tiers", "rises", "stays", "falls"}
    assert found["reliability"]["n"] > 300
    assert [row["split"] for row in found["overridden"]] == ["all", "raised", "lowered"]
    assert found["overridden"][0]["verdict"] == "too few to tell"


def test_the_page_stands_alone_and_says_what_a_move_is_not(measured: Path) -> None:
    page = (measured / "tiers.html").read_text()
    HTMLParser().feed(page)
    assert "regression to the mean" in page
    assert "The book has no survey" in page
    assert "too few to tell" in page
    assert "src=" not in page
    assert 'href="http' not in page
    assert ">nan" not in page


def test_every_figure_has_words_and_a_unit() -> None:
    assert [metric.name for metric in METRICS] == list(wording.METRICS)
    assert wording.figure("nps", -0.123) == "−12"
    assert wording.figure("value", 12_345.6) == "12,346"
    assert wording.figure("csat", float("nan")) == "–"
    assert wording.difference("repurchase", -0.05) == "−5.0 pp"
    assert wording.difference("value", 4.0) == "+4.00"


def test_who_never_set_a_tier_by_hand_is_told_so() -> None:
    found = SimpleNamespace(surveys=("nps",), reliability=None, overridden=())
    *_, surveys, _, overrides = wording.lines(found)
    assert "one survey question" in surveys
    assert "None on record" in overrides
    several = SimpleNamespace(surveys=("nps", "after_repair"))
    assert "nps, after_repair" in wording.surveys(several)
