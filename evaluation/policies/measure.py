"""Replays the past, lets every policy choose, and counts the money."""

from collections.abc import Callable, Sequence
from pathlib import Path

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from data.simulation.world import World
from evaluation.policies.care import Evening, best_gain, care_figures
from evaluation.policies.draws import draws_of
from evaluation.policies.evenings import evenings_of
from evaluation.policies.money import measured
from evaluation.policies.quarter import Quarter, quarter
from evaluation.policies.ranking import seats_for
from evaluation.policies.result import TOPS, Care, Difference, Figure, Proof, Replayed, Span
from evaluation.policies.wording import SPANS
from serving.tiers.services import Services
from training.fit import fit
from training.horizons import horizons
from training.tuning import Search


def prove(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    search: Search,
    advance: Callable[[str], None],
    care: Care | None = None,
) -> Proof:
    """Judges every policy at `cutoffs` (µs UTC), the judged one first; `care` is told beside."""
    quarters = [_replayed(book, histories, cutoff, search, advance) for cutoff in cutoffs]
    settings = book.tiers.expected_profit
    services = Services.of(settings, book.value)
    figures, differences = list[Figure](), list[Difference]()
    spans: dict[Span, list[Quarter]] = {"judged": quarters[:1]}
    if len(quarters) > 1:
        spans["pooled"] = quarters
    for span, told in spans.items():
        advance(f"measuring, {SPANS[span]}")
        more = measured(span, told, settings, services, search.seed)
        figures, differences = figures + more[0], differences + more[1]
    return Proof(
        book=book,
        replayed=tuple(Replayed(each.ranked.day, len(each.value)) for each in quarters),
        horizon_days=horizons(book)["lifetime_value"],
        margin=services.margin,
        seats=seats_for(settings, len(quarters[0].value)),
        figures=tuple(figures),
        differences=tuple(differences),
        care=care,
        seed=search.seed,
    )


def care_of(book: Book, world: World, taught: int, seed: int, home: Path, advance: Callable[[str], None]) -> Care:
    """Judges who should get care in the last quarters of a world; see `evaluation.policies.evenings`."""
    evenings = evenings_of(world, taught, seed, home, advance)
    advance("measuring care")
    margin = Services.of(book.tiers.expected_profit, book.value).margin
    return Care(
        quarters=tuple(Replayed(evening.day, len(evening.customers)) for evening in evenings),
        customers=world.customers,
        taught=taught,
        best={str(top): _best(evenings, top, margin) for top in TOPS},
        figures=tuple(care_figures(evenings, margin, seed)),
    )


def _best(evenings: Sequence[Evening], top: float, margin: float) -> float:
    once = draws_of([evening.customers for evening in evenings], seed=0, draws=0)
    return float(best_gain(evenings, once, top, margin)[0])


def _replayed(book: Book, histories: Histories, cutoff: int, search: Search, advance: Callable[[str], None]) -> Quarter:
    """Trained on what was known at the cutoff; only the value that came looks further."""
    day = local_date(cutoff, book.time_zone)
    bundle = fit(book, histories.known_by(cutoff), cutoff, search, lambda step: advance(f"{day}, {step}"))
    return quarter(book, histories, cutoff, bundle, advance)
