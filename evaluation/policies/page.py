"""The page of the proof: what each policy captures, what it would bring, and who should get care."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.comparison import DRAWS
from evaluation.page import templates, written_day
from evaluation.policies import wording
from evaluation.policies.plots import bands_plot, bars_plot, differences_plot
from evaluation.policies.ranking import NAMES, OTHERS, OURS
from evaluation.policies.result import EFFECTS, TOPS, Care, Difference, Figure, Proof, Span
from evaluation.policies.table import CARE_MEASURES, MEASURES


@dataclass(frozen=True)
class Line:
    """One policy's row of a table; None where a measure says nothing of it."""

    policy: str
    title: str
    rows: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Against:
    """One other policy, and how ours differ from it, measure by measure."""

    title: str
    rows: tuple[Difference, ...]


@dataclass(frozen=True)
class Part:
    """One span's tables."""

    title: str
    lines: tuple[Line, ...]
    against: tuple[Against, ...]


@dataclass(frozen=True)
class CarePart:
    """What the section of care shows."""

    care: Care
    days: str
    plots: tuple[tuple[int, str], ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    ratios: tuple[Figure, ...]


def render(found: Proof) -> str:
    """The page as one HTML text that needs nothing else."""
    days = found.horizon_days
    return (
        templates()
        .get_template("policies.html")
        .render(
            title=found.book.title or found.book.name,
            currency=found.book.currency,
            found=found,
            cutoffs=wording.listed([written_day(each.cutoff) for each in found.replayed]),
            captured=[(top, _captured(found, top)) for top in TOPS[::-1]],
            differences=[(top, _differences(found, top)) for top in TOPS[::-1]],
            bands=_bands(found),
            gains=_gains(found),
            parts=[_part(found, span) for span in found.spans],
            ours=[wording.name(mine, days) for mine in OURS],
            measures=list(MEASURES.values()),
            compared=[MEASURES[measure] for measure in _compared()],
            care=_care(found, found.care) if found.care else None,
            span=wording.SPANS[found.spans[0]],
            wording=wording,
            draws=DRAWS,
        )
    )


def _captured(found: Proof, top: int) -> str:
    rows = found.of(found.spans[0], f"captured_{top}")
    return bars_plot(rows, found.horizon_days, f"share of all money, held by the top {top} %", f"captured {top}")


def _differences(found: Proof, top: int) -> str:
    rows = {mine: list(found.between(found.spans[0], f"captured_{top}", mine)) for mine in OURS}
    label = f"points of share more than the other holds, top {top} %"
    return differences_plot(rows, found.horizon_days, label, f"differences {top}", money=False)


def _bands(found: Proof) -> str:
    low, mid, high = (found.of(found.spans[0], f"profit_{effect}") for effect in EFFECTS)
    label = f"profit over no service at all, {found.book.currency}"
    return bands_plot(low, mid, high, found.horizon_days, label, "profit")


def _gains(found: Proof) -> str:
    rows = {mine: list(found.between(found.spans[0], "profit_mid", mine)) for mine in OURS}
    label = f"profit more than the other brings, {found.book.currency}"
    return differences_plot(rows, found.horizon_days, label, "differences in profit", money=True)


def _compared() -> list[str]:
    return [*(f"captured_{top}" for top in TOPS), "profit_mid"]


def _part(found: Proof, span: Span) -> Part:
    by_measure = [found.of(span, measure) for measure in MEASURES]
    told = [policy for policy in NAMES if any(policy in rows for rows in by_measure)]
    lines = (
        Line(policy, wording.name(policy, found.horizon_days), tuple(rows.get(policy) for rows in by_measure))
        for policy in told
    )
    return Part(wording.SPANS[span], tuple(lines), tuple(_against(found, span)))


def _against(found: Proof, span: Span) -> Iterator[Against]:
    columns = [
        {row.other: row for row in found.between(span, measure, mine)} for mine in OURS for measure in _compared()
    ]
    for other in OTHERS:
        yield Against(wording.name(other, found.horizon_days), tuple(column[other] for column in columns))


def _care(found: Proof, care: Care) -> CarePart:
    days, tops = found.horizon_days, TOPS[::-1]
    rows = {(row.measure, row.policy): row for row in care.figures}
    told = [policy for policy in NAMES if (f"regret_{TOPS[0]}", policy) in rows]
    plots = ((top, {policy: rows[f"regret_{top}", policy] for policy in told}) for top in tops)
    return CarePart(
        care=care,
        days=wording.listed([written_day(each.cutoff) for each in care.quarters]),
        plots=tuple(
            (top, bars_plot(shown, days, f"regret, top {top} %", f"regret {top}", best_first=False))
            for top, shown in plots
        ),
        columns=tuple(wording.care_column(measure) for measure in CARE_MEASURES),
        lines=tuple(
            Line(policy, wording.name(policy, days), tuple(rows[measure, policy] for measure in CARE_MEASURES))
            for policy in told
        ),
        ratios=tuple(rows[f"ratio_{top}", mine] for top in tops for mine in OURS),
    )
