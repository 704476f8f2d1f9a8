"""The model card: what a bundle predicts and for whom, how it was made, what drives it, and what it is not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation import wording as words
from evaluation.ceiling.world import SIMULATED
from evaluation.page import templates, written_day
from evaluation.reasons import wording
from evaluation.reasons.result import Grounds
from evaluation.views.drivers import size_told, title_of
from serving.degraded import sentence
from training.audit.suspects import remembered

MOST_NAMED = 5
"""So many features of each target are named."""


@dataclass(frozen=True)
class Asked:
    """A target: its name, the question, of whom it is asked, and the horizons beside the main one."""

    title: str
    asks: str
    people: str
    others: str


@dataclass(frozen=True)
class Chosen:
    """How one model was chosen: what it saw, how much each forecast counts, and the validation losses."""

    title: str
    snapshots: int
    rows: int
    days: int
    mix: str
    loss: str
    alone: str


@dataclass(frozen=True)
class Driven:
    """What drives a target, and what another seed keeps of it."""

    title: str
    groups: tuple[tuple[str, str], ...]
    features: tuple[tuple[str, str], ...]
    kept: str


def write_card(found: Grounds) -> str:
    """The card as Markdown."""
    bundle = found.bundle
    return (
        templates()
        .get_template("model_card.md")
        .render(
            title=found.book.title or found.book.name,
            found=found,
            first=written_day(found.first),
            cutoff=written_day(found.cutoff),
            asked=[_asked(found, target) for target in words.TARGETS if target in bundle.horizons],
            event=wording.event(found),
            chosen=list(_chosen(bundle.choices)),
            driven=[_driven(found, target) for target in found.targets],
            rows=wording.rows(found),
            targets=[words.TARGETS[target].title for target in found.targets],
            reading=wording.IS_AND_IS_NOT,
            limits=list(_limits(found)),
        )
    )


def _asked(found: Grounds, target: str) -> Asked:
    main = found.bundle.horizons[target]
    others = [f"{days}" for days in found.bundle.asked.get(target, ()) if days != main]
    people = wording.PEOPLE[found.populations[target]]
    return Asked(words.TARGETS[target].title, wording.asks(found, target), people, ", ".join(others) or "–")


def _chosen(choices: Mapping[str, Any]) -> Iterator[Chosen]:
    for model in (model for model in wording.MODELS if model in choices):
        choice = choices[model]
        losses = dict(choice["validation_loss"])
        whole, alone = losses.pop("mix"), next(iter(losses.items()))
        counted = {name: weight for name, weight in choice["mix"].items() if weight >= 0.005}
        yield Chosen(
            title=wording.MODELS[model],
            snapshots=choice["snapshots"],
            rows=choice["rows"],
            days=choice["trained_days"],
            mix=", ".join(f"{name} {weight:.0%}" for name, weight in counted.items()),
            loss=f"{whole:.4g}",
            alone=f"{alone[1]:.4g} ({alone[0]})",
        )


def _driven(found: Grounds, target: str) -> Driven:
    currency = found.bundle.currency
    groups = [group for group in found.groups if group.target == target]
    strongest = [driver for driver in found.drivers if driver.target == target][:MOST_NAMED]
    (seen,) = (part for part in found.stabilities if part.target == target)
    return Driven(
        title=words.TARGETS[target].title,
        groups=tuple((group.title.en, size_told(target, group.size, currency)) for group in groups),
        features=tuple((title_of(one.meaning).en, size_told(target, one.size, currency)) for one in strongest),
        kept=f"{wording.told(seen)} {wording.verdict(seen)} {wording.moved(found, seen)}",
    )


def _limits(found: Grounds) -> Iterator[str]:
    """What keeps the model from being whole, and what it was not made for."""
    bundle = found.bundle
    yield from (sentence(code, "en") for code in bundle.degraded)
    if found.book.name == SIMULATED:
        yield "The data are simulated: nothing here tells of real customers."
    suspects = sorted({suspect.feature for suspect in remembered(bundle.choices)})
    if suspects:
        yield f"Suspected of knowing the future: {', '.join(suspects)}; see `python -m evaluation audit`."
    yield (
        "It knows the past up to the cutoff alone: what was never seen there, a new product, price or season, it "
        "cannot foresee. Train it again within the longest horizon."
    )
    yield "Scores are averages of what may happen; one customer's future is known far less than that of a hundred."
