"""The views that are tables: groups of intervals, horizons, drivers, headlines."""

from dataclasses import replace

import numpy as np

from evaluation.comparison import Asked, MetricRow
from evaluation.drivers import Driver, GroupDriver
from evaluation.views import drivers, horizons, rolling
from evaluation.views.coverage import lines
from evaluation.views.headlines import headlines
from features.feature import Words

ROW = MetricRow("shop", "2024-05-30", 60, "lifetime_value", "tierwise", "bias", 1.0, 0.9, 1.1, 40)


def test_coverage_is_told_group_by_group_at_both_levels() -> None:
    names = ("coverage_80", "coverage_90", "coverage_90_tier_gold", "coverage_90_buying_low", "width_90")
    told = list(lines([replace(ROW, metric=name) for name in names]))
    assert [line.name for line in told] == ["Everybody", "Gold", "Least likely to buy"]
    assert [row.metric if row else None for row in told[0].at] == ["coverage_90", "coverage_80"]
    assert told[1].at[1] is None


def test_horizons_are_told_ascending_where_there_are_several() -> None:
    rows = [replace(ROW, horizon_days=days) for days in (60, 30)]
    rows += [replace(ROW, target="churn", metric="auc"), replace(ROW, model="zero", horizon_days=90)]
    (part,) = horizons.parts(rows, {"lifetime_value": 60, "churn": 60})
    assert [(line.days, line.main) for line in part.lines] == [(30, False), (60, True)]
    assert part.columns == ("Bias",)
    assert part.lines[0].cells == (("1.000", "0.900 – 1.100"),)


def test_drivers_are_told_in_both_languages_with_their_way() -> None:
    words = Words("mean days between orders; two orders at least", "平均间隔；至少两单")
    strong = Driver("churn", "gap", "cadence", words, 0.5, 0.25, "raises", 0.8)
    weak = replace(strong, size=0.1, share=0.05, direction="varies")
    group = GroupDriver("churn", "how_often", Words("How often they buy", "购买频率"), 0.6, 1.0)
    (part,) = drivers.parts([strong, weak], [group], [], "EUR", most_dots=9)
    assert part.title == "Churn"
    assert [line.width for line in part.lines] == [100.0, 20.0]
    assert part.lines[0].words == Words("Mean days between orders", "平均间隔")
    assert [line.effect for line in part.lines] == ["raises it", "either way"]
    assert part.together == "30%"
    assert [line.size for line in part.lines] == ["50.00 pp", "10.00 pp"]
    assert [(line.words.zh, line.size, line.width) for line in part.groups] == [("购买频率", "60.00 pp", 100.0)]


def test_sizes_are_told_in_the_unit_of_the_score_and_never_as_nothing() -> None:
    assert drivers.size_told("lifetime_value", 41.2, "USD") == "USD 41.20"
    assert drivers.size_told("conversion", 0.0183, "USD") == "1.83 pp"
    assert drivers.size_told("churn", 1e-6, "USD") == "<0.01 pp"
    assert drivers.size_told("churn", 0.0, "USD") == "0.00 pp"


def test_headlines_say_what_the_predictions_were_worth() -> None:
    truth = np.array([0.0] * 8 + [40.0, 60.0])
    value = Asked("shop", "2024-05-30", 60, "lifetime_value"), truth, {"tierwise": truth * 1.1}
    churn = replace(value[0], target="churn"), (truth == 0) * 1.0, {"tierwise": 1 - truth / 100}
    told = list(headlines([value, churn], [replace(ROW, metric="coverage_90", value=0.905)], "EUR"))
    assert [line.figure for line in told] == ["100%", "+10.0%", "100%", "90.5%"]
    assert "EUR 110 lie from the EUR 100" in told[1].told
    assert "of everybody it was 80.0%" in told[2].told


def test_nothing_is_headlined_where_nothing_came() -> None:
    asked = Asked("shop", "2024-05-30", 60, "lifetime_value")
    assert list(headlines([(asked, np.zeros(3), {"tierwise": np.ones(3)})], [], "EUR")) == []


def test_moments_draw_what_was_measured_at_them() -> None:
    rows = [
        replace(ROW, metric=metric, cutoff=day)
        for metric in ("normalized_gini", "bias", "coverage_90")
        for day in ("2024-03-31", "2024-05-30")
    ]
    (with_intervals,) = rolling.parts(rows)
    (without,) = rolling.parts([row for row in rows if row.metric != "coverage_90"])
    assert (len(with_intervals.plots), len(without.plots)) == (3, 2)
