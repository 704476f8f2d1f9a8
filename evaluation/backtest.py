"""The past replayed at one or more cutoffs, and all that can be measured there."""

from collections.abc import Callable, Sequence

import polars as pl

from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.cohorts import cohorts, first_purchases
from evaluation.comparison import Judgement, judge
from evaluation.coverage import coverage
from evaluation.dependence import dependences
from evaluation.drivers import drivers, group_drivers
from evaluation.explained import explained, populations, sampled
from evaluation.grade import grade
from evaluation.predictions import of_main_level
from evaluation.replay import Replay, replay
from evaluation.results import Results
from evaluation.tiers import tier_views
from training.panel import Panel
from training.tuning import Search


def backtest(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    search: Search,
    advance: Callable[[str], None],
    panel: Panel | None = None,
) -> Results:
    """Replays `cutoffs` (µs UTC), the judged one first, and measures what the models said there.

    `advance` is told of each step. `panel` says which of a book's customers the histories are of, where not of all.
    """
    facts = panel.facts if panel else {}
    replays = [replay(book, histories, cutoff, search, advance, facts) for cutoff in cutoffs]
    advance("measuring")
    judged, *earlier = replays
    known = histories.known_by(cutoffs[0])
    seen = tuple(explained(judged.bundle, sampled(known, cutoffs[0], judged.bundle.spec), populations(book)))
    strongest = tuple(drivers(seen))
    rolling = pl.concat([judged.beside, *(other.whole for other in earlier)])
    return Results(
        book=book,
        predictions=judged.predictions,
        rolling=rolling if len(rolling) else None,
        judgement=_judgement(replays, rolling, search.seed),
        grade=grade(judged.predictions, search.seed),
        degraded=judged.bundle.degraded,
        seed=search.seed,
        tiers=tuple(tier_views(judged)),
        cohorts=tuple(cohorts(judged, first_purchases(known, book.time_zone))),
        drivers=strongest,
        driver_groups=tuple(group_drivers(seen)),
        dependences=tuple(dependences(seen, strongest, judged.bundle, {})),
        sampled=str(panel) if panel and facts else "",
    )


def _judgement(replays: Sequence[Replay], rolling: pl.DataFrame, seed: int) -> Judgement:
    judged = judge(replays[0].predictions, seed)
    beside = judge(of_main_level(rolling), seed)
    held = tuple(row for replayed in replays for row in coverage(replayed, seed))
    return judged.joined(beside).joined(Judgement(held, ()))
