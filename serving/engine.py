"""What a server holds for one book, and how it answers a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import get_args

from data.clock import add_days, end_of_day, isoformat, local_date, parse_cutoff
from data.errors import BookError, SourceError
from data.handover import Customer
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.histories.profiles import FOR_EVER
from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.store.store import Store
from serving.card import Card
from serving.card import load as load_card
from serving.errors import Fault, RequestError
from serving.faults import faults_of, require_distinct
from serving.figures import Language
from serving.indicators.yardstick import Yardstick
from serving.ledger.decisions import Decisions
from serving.ledger.ledger import Ledger
from serving.next_steps.practices import Practices
from serving.overview.overview import Overview
from serving.overview.shelf import load as load_overview
from serving.plan import Plan, plan_for
from serving.playbook.declared import Playbook
from serving.playbook.shelf import playbook_of
from serving.recommend import recommend
from serving.recommendation import Recommendation
from serving.schema import RecommendationRequest
from training.bundle import Bundle
from training.shelf import HOME, current_version, saved_bundle


@dataclass(frozen=True)
class Engine:
    """A book with its store, its ledger and its playbook, and the bundle and the plan that were current when it was
    opened; its files are under `home`."""

    book: Book
    store: Store
    bundle: Bundle
    plan: Plan | None
    ledger: Ledger
    playbook: Playbook
    home: Path = HOME

    @classmethod
    def open(
        cls,
        book_name: str,
        home: Path = HOME,
        path: Path | None = None,
        *,
        with_plan: bool = True,
        version: str | None = None,
        own_ledger: bool = False,
        published: str | None = None,
    ) -> "Engine":
        """Ingests what changed, loads the current bundle (or the `version` named) and its plan, and answers once, so
        that the first request finds everything compiled. Raises TierwiseError that says what to run first. Whoever is
        about to fit a plan opens without one, so that a damaged plan is no obstacle; whoever practises on copies keeps
        to the ledger under `home` (`own_ledger`), wherever the book's is. The store is the book's, or the one that was
        `published` under a URL."""
        book = load_book(book_name, path)
        playbook = playbook_of(book)
        bundle = saved_bundle(book.name, version or current_version(book.name, home), home)
        bundle.require_settings(book)
        plan = plan_for(bundle.version, book.name, home) if with_plan else None
        ledger = Ledger.open(book.name, home) if own_ledger else Ledger.of(book, home)
        engine = cls(book, open_store(book, home, published=published), bundle, plan, ledger, playbook, home)
        engine.warm_up()
        return engine

    def warm_up(self) -> None:
        """Answers for a stored history and for one that is brought along, in every language."""
        for asked in (Customer(customer_id=self.somebody), Customer(customer_id=self.somebody, events=[])):
            for language in get_args(Language):
                self.answer(RecommendationRequest(customers=[asked], language=language))

    @cached_property
    def somebody(self) -> str:
        """The id of some stored customer."""
        return next(customer for bucket in range(self.store.buckets) for customer in self.store.customers_in(bucket))

    @cached_property
    def level_names(self) -> dict[int, str]:
        """The texts behind the hashes of the levels of categories."""
        return self.bundle.spec.level_names(self.store.words)

    @cached_property
    def profile_words(self) -> dict[str, dict[int, str]]:
        """By profile column, the texts behind the hashes of categories and texts."""
        kinds = self.book.profile_kinds.items()
        return {name: self.store.words(name) for name, kind in kinds if kind in ("category", "text")}

    @property
    def overview(self) -> Overview | None:
        """The whole book at the plan's cutoff; None where `score` has written none."""
        return load_overview(self.book.name, self.plan.version, self.home) if self.plan else None

    @property
    def card(self) -> Card | None:
        """What a backtest said of the book's models; None where there was none."""
        return load_card(self.book.name, self.home)

    def recommend(
        self,
        histories: Histories,
        cutoff: int,
        plan: Plan | None,
        language: Language,
        decisions: Decisions | None = None,
    ) -> list[Recommendation]:
        """`recommend()` with this bundle, the book's own names, and the `decisions` about the customers, by default
        those of the ledger."""
        if plan and decisions is None:
            decisions = self.ledger.decisions(cutoff, histories.customer_ids)
        return recommend(
            histories,
            cutoff,
            self.bundle,
            plan,
            previous=decisions.previous if decisions else None,
            overrides=decisions.overrides if decisions else None,
            language=language,
            playbook=self.playbook,
            level_names=self.level_names,
            conversion_types=self.conversion_types,
            recorded_until=self.latest_cutoff,
            yardstick=self.yardstick,
        )

    @cached_property
    def yardstick(self) -> Yardstick:
        """What the indicators of the book's customers are measured with."""
        return Yardstick(self.book, self.bundle)

    def owners_of(self, histories: Histories) -> list[str | None]:
        """The account manager of each customer, by the column that the book names; None where there is none."""
        return self._words_of(histories, self.book.accounts.owner)

    def names_of(self, histories: Histories) -> list[str | None]:
        """What people call each customer, by the column that the book names; None where there is none."""
        return self._words_of(histories, self.book.accounts.name)

    def _words_of(self, histories: Histories, column: str | None) -> list[str | None]:
        if column is None:
            return [None] * len(histories)
        values, _ = histories.profile[column].as_known(FOR_EVER, self.latest_cutoff)
        words = self._words[column]
        return [words.get(value) for value in values.tolist()]

    @cached_property
    def _words(self) -> dict[str, dict[int, str]]:
        columns = {self.book.accounts.owner, self.book.accounts.name} - {None}
        return {column: self.store.words(column) for column in columns if column is not None}

    @cached_property
    def practices(self) -> Practices:
        """What the book's customers commonly do, by cutoff."""
        return Practices(self.store, self.book)

    @cached_property
    def conversion_types(self) -> tuple[str, ...]:
        """The types of event that count as a conversion; those of a purchase where the book names none."""
        if not self.bundle.any_purchase_converts:
            return self.book.targets.conversion.types
        return tuple(type_ for type_, role in self.book.roles.items() if role == "purchase")

    @property
    def latest_cutoff(self) -> int:
        """The end of the last day with an event in the store (µs UTC)."""
        zone = self.book.time_zone
        return end_of_day(local_date(self.store.last_time, zone), zone)

    def local_day(self, instant: int) -> str:
        """The day of an instant (µs UTC) in the book's time zone, as an ISO date."""
        return str(local_date(instant, self.book.time_zone))

    def local(self, instant: int) -> str:
        """An instant (µs UTC) as a local ISO time of the book."""
        return isoformat(instant, self.book.time_zone)

    @property
    def furthest_cutoff(self) -> int:
        """The last cutoff that is answered (µs UTC): the longest horizon after the last day with an event.

        So "today" is answered for a book whose last events are some days old; further on, nothing is known.
        """
        return add_days(self.latest_cutoff, max(self.bundle.horizons.values()), self.book.time_zone)

    def answer(self, request: RecommendationRequest) -> list[Recommendation]:
        """One recommendation per customer of the request, in its order.

        A customer who is neither stored nor brought along gets the cold-start answer. Raises RequestError
        that names every field at fault.
        """
        cutoff = self.cutoff(request.cutoff)
        histories = self._histories(request.customers)
        language = request.language or self.book.language
        answers = self.recommend(histories, cutoff, self.plan, language)
        by_id = {answer.customer_id: answer for answer in answers}
        return [by_id[customer.customer_id] for customer in request.customers]

    def cutoff(self, text: str | None) -> int:
        """The moment (µs UTC) that a caller means; by default `latest_cutoff`.

        Raises RequestError for a text that is none, or for a moment before the book's first event or after
        `furthest_cutoff`.
        """
        if text is None:
            return self.latest_cutoff
        zone = self.book.time_zone
        try:
            cutoff = parse_cutoff(text, zone)
        except BookError as error:
            expected = str(error).removeprefix("cutoff: ").partition(", got ")[0]
            raise RequestError(Fault("cutoff", expected)) from error
        if cutoff < self.store.first_time:
            first = isoformat(self.store.first_time, zone)
            raise RequestError(Fault("cutoff", f"lies before the book's first event ({first}); choose a later one"))
        if cutoff > self.furthest_cutoff:
            raise RequestError(Fault("cutoff", f"lies too far after the book's last event; {self._cutoffs_to_choose}"))
        return cutoff

    @property
    def _cutoffs_to_choose(self) -> str:
        last, furthest = (local_date(at, self.book.time_zone) for at in (self.latest_cutoff, self.furthest_cutoff))
        return f"leave it out for the last day with an event ({last}), or choose one until {furthest}"

    def _histories(self, customers: Sequence[Customer]) -> Histories:
        require_distinct(customers)
        stored = self.store.histories([asked.customer_id for asked in customers if not asked.is_inline])
        found = set(stored.customer_ids)
        others = [asked for asked in customers if asked.is_inline or asked.customer_id not in found]
        if not others:
            return stored
        try:
            inline = encode_customers([asked.history for asked in others], self.book)
        except SourceError as error:
            faults = tuple(faults_of(customers, self.book)) or (Fault("customers", str(error)),)
            raise RequestError(*faults) from error
        return Histories.concatenate([stored, inline]) if found else inline
