"""What a server holds for one book, and how it answers a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.book import Book, load_book
from data.clock import add_days, end_of_day, isoformat, local_date, parse_cutoff
from data.errors import BookError, SourceError
from data.handover import Customer
from data.histories import Histories
from data.ingest import open_store
from data.inline import encode_customers
from data.store import Store
from serving.errors import Fault, RequestError
from serving.faults import faults_of, require_distinct
from serving.figures import Language
from serving.indicators.yardstick import Yardstick
from serving.ledger.ledger import Ledger
from serving.plan import Plan, current_plan
from serving.playbook.declared import Playbook
from serving.playbook.shelf import playbook_of
from serving.recommend import recommend
from serving.recommendation import Recommendation
from serving.schema import RecommendationRequest
from training.bundle import Bundle
from training.shelf import HOME, current_bundle


@dataclass(frozen=True)
class Engine:
    """A book with its store, its ledger and its playbook, and the bundle and the plan that were current when it was
    opened."""

    book: Book
    store: Store
    bundle: Bundle
    plan: Plan | None
    ledger: Ledger
    playbook: Playbook

    @classmethod
    def open(cls, book_name: str, home: Path = HOME, path: Path | None = None, *, with_plan: bool = True) -> "Engine":
        """Ingests what changed, loads the current bundle and plan, and answers once, so that the first
        request finds everything compiled. Raises TierwiseError that says what to run first. Whoever is about
        to fit a plan opens without one, so that a damaged plan is no obstacle."""
        book = load_book(book_name, path)
        playbook = playbook_of(book)
        bundle = current_bundle(book.name, home)
        bundle.require_settings(book)
        plan = current_plan(book.name, home) if with_plan else None
        engine = cls(book, open_store(book, home), bundle, plan, Ledger.open(book.name, home), playbook)
        engine.warm_up()
        return engine

    def warm_up(self) -> None:
        """Answers for a stored history and for one that is brought along."""
        for asked in (Customer(customer_id=self.somebody), Customer(customer_id=self.somebody, events=[])):
            self.answer(RecommendationRequest(customers=[asked]))

    @cached_property
    def somebody(self) -> str:
        """The id of some stored customer."""
        return next(
            customer for bucket in range(self.store.buckets) for customer in self.store.read(bucket).customer_ids
        )

    def is_ready(self) -> bool:
        """Whether the store can still be read and the bundle still answers."""
        try:
            self.warm_up()
        except Exception:
            return False
        return True

    @cached_property
    def level_names(self) -> dict[int, str]:
        """The texts behind the hashes of the levels of categories."""
        return self.bundle.spec.level_names(self.store.words)

    def recommend(
        self, histories: Histories, cutoff: int, plan: Plan | None, language: Language
    ) -> list[Recommendation]:
        """`recommend()` with this bundle, the book's own names, and what the ledger knows of the customers."""
        customers = histories.customer_ids
        return recommend(
            histories,
            cutoff,
            self.bundle,
            plan,
            previous=self.ledger.previous(cutoff, customers) if plan else None,
            overrides=self.ledger.overrides_at(cutoff, customers) if plan else None,
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
            raise RequestError(Fault("cutoff", str(error).removeprefix("cutoff: "))) from error
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
