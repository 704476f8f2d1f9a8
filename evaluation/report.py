"""The page of a backtest: what was predicted, what came, and how to read it."""

from collections.abc import Mapping
from typing import Any

from evaluation import wording
from evaluation.ablation import wording as ablation_wording
from evaluation.ablation.page import section as ablation_section
from evaluation.comparison import DRAWS, MetricRow, questions
from evaluation.drivers import CLEAR
from evaluation.explained import MOST_EXPLAINED
from evaluation.page import templates, written_day
from evaluation.predictions import of_main_level
from evaluation.results import Results
from evaluation.views import captions, drivers, horizons, rolling
from evaluation.views.coverage import intervals
from evaluation.views.headlines import headlines
from evaluation.views.means import cohorts_plot, tiers_plot
from evaluation.views.section import Plot, section_of
from evaluation.views.standings import Table, standings
from serving.degraded import sentence
from serving.tiers.ladder import NAMES

MOST_DOTS = 120
"""So many customers are drawn in each drawing of a feature."""


def render(results: Results) -> str:
    """The page as one HTML text that needs nothing else: tables, plots and how they were made."""
    return templates().get_template("report.html").render(**_shown(results), **_beside(results))


def _shown(results: Results) -> dict[str, Any]:
    """What every page shows."""
    book, judgement, asked = results.book, results.judgement, list(questions(results.predictions))
    metrics = {row.metric for row in judgement.metrics}
    return {
        "title": book.title or book.name,
        "currency": book.currency,
        "cutoff": written_day(_day(results)),
        "headlines": list(headlines(asked, _judged(results), book.currency)),
        "sections": [section_of(book, *question, judgement) for question in asked],
        "grade": results.grade,
        "degraded": [sentence(code, "en") for code in results.degraded],
        "metrics": [words for name, words in wording.METRICS.items() if name in metrics],
        "draws": DRAWS,
        "seed": results.seed,
    }


def _beside(results: Results) -> dict[str, Any]:
    """What a page shows where it was measured."""
    main = {asked.target: asked.horizon_days for asked, _, _ in questions(results.predictions)}
    return {
        "intervals": intervals(results),
        "groups": _groups(results),
        "tiers": [(_tier_name(view.tier), view) for view in results.tiers],
        "cohorts": results.cohorts,
        "drivers": _drivers(results),
        "most_explained": MOST_EXPLAINED,
        "clear": CLEAR,
        "horizons": list(horizons.parts(_judged(results), main)),
        "rolling": _rolling(results, main),
        "earlier": _earlier(results, main),
        "ablation": ablation_section(results.ablation) if results.ablation else None,
        "wording": ablation_wording,
        "sampled": results.sampled,
    }


def _day(results: Results) -> str:
    return str(results.predictions["cutoff"][0])


def _judged(results: Results) -> list[MetricRow]:
    return [row for row in results.judgement.metrics if row.cutoff == _day(results)]


def _tier_name(tier: str) -> str:
    return NAMES[tier].en.capitalize()


def _groups(results: Results) -> tuple[Plot, ...]:
    tiers, cohorts, currency = results.tiers, results.cohorts, results.book.currency
    names = [_tier_name(view.tier) for view in tiers]
    by_tier = ((tiers_plot(tiers, names, currency), captions.TIERS),) if tiers else ()
    by_cohort = ((cohorts_plot(cohorts, currency), captions.COHORTS),) if cohorts else ()
    return (*by_tier, *by_cohort)


def _drivers(results: Results) -> list[drivers.Part]:
    groups, dependences, currency = results.driver_groups, results.dependences, results.book.currency
    return list(drivers.parts(results.drivers, groups, dependences, currency, MOST_DOTS))


def _rolling(results: Results, main: Mapping[str, int]) -> list[rolling.Part]:
    rows = [row for row in results.judgement.metrics if row.horizon_days == main[row.target]]
    return list(rolling.parts(rows)) if len({row.cutoff for row in rows}) > 1 else []


def _earlier(results: Results, main: Mapping[str, int]) -> list[tuple[str, list[Table]]]:
    tables: dict[str, list[Table]] = {}
    if results.rolling is not None:
        for asked, truth, _ in questions(of_main_level(results.rolling)):
            if asked.cutoff != _day(results) and asked.horizon_days == main[asked.target]:
                found = standings(results.book, asked, truth, results.judgement)
                tables.setdefault(asked.cutoff, []).append(found)
    return [(written_day(cutoff), found) for cutoff, found in tables.items()]
