"""The list of customers: searched, filtered, sorted, page by page."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from serving.engine import Engine
from serving.figures import Language
from serving.pages.choice import SORTS, Choice, Leaf
from serving.pages.frame import Frame
from serving.pages.tone import chance, coin
from serving.tiers.ladder import TIERS

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in figures (texts)."""

    customer_id: str
    name: str | None
    owner: str | None
    tier: str
    value: str
    conversion: str
    churn: str
    stake: str


def page(frame: Frame, _: Request) -> Response:
    """The list."""
    choice = Choice.of(frame.query)
    total, found = rows(frame.engine, choice, frame.language)
    if (last := choice.within(total, ROWS)) != choice:
        choice = last
        total, found = rows(frame.engine, choice, frame.language)
    return frame.page(
        "customers.html",
        here="customers",
        choice=choice,
        rows=found,
        leaf=Leaf.of(choice, ROWS, total, len(found)),
        owners=frame.owners,
        tiers=TIERS,
        sorts=SORTS,
        total=f"{total:,}",
    )


def rows(engine: Engine, choice: Choice, language: Language) -> tuple[int, list[Row]]:
    """How many customers match, and those of the page."""
    found = engine.ledger.roster(
        tier=choice.tier,
        owner=choice.owner,
        search=choice.search,
        sort=choice.sort,
        descending=choice.sort != "customer_id",
        limit=ROWS,
        offset=choice.offset(ROWS),
    )
    currency = engine.bundle.currency
    return found.total, [
        Row(
            customer_id=account.customer_id,
            name=account.name,
            owner=account.owner,
            tier=account.tier,
            value=coin(account.lifetime_value, currency, language),
            conversion=chance(account.conversion),
            churn=chance(account.churn),
            stake=coin(account.priority, currency, language),
        )
        for account in found.accounts
    ]
