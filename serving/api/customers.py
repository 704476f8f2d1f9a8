"""`GET /v1/customers`: the accounts of the book as they were scored last, a page at a time."""

from typing import Any
from urllib.parse import urlencode

from data.clock import isoformat
from serving.api.asked import AccountsAsked
from serving.caller import CALLER
from serving.engine import Engine
from serving.errors import Fault
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal

PATH = "/v1/customers"
NOT_YOURS = "this key sees the accounts of its own account manager alone; leave it out"
FIELDS = (
    "customer_id",
    "name",
    "owner",
    "tier",
    "lifetime_value",
    "conversion",
    "churn",
    "priority",
    "recommendation",
)


def customers(engine: Engine, asked: AccountsAsked) -> dict[str, Any]:
    """A page of the roster; a key of an account manager sees that manager's accounts alone, and is refused (403) who
    asks for somebody else's."""
    found = engine.ledger.roster(
        tier=asked.tier,
        owner=_owner(asked),
        search=asked.search,
        sort=asked.sort,
        descending=asked.order == "desc",
        limit=asked.limit,
        offset=asked.offset,
    )
    through = asked.offset + len(found.accounts)
    return {
        "cutoff": None if found.cutoff is None else isoformat(found.cutoff, engine.book.time_zone),
        "currency": engine.bundle.currency,
        "plan_version": found.plan_version,
        "model_version": found.model_version,
        "total": found.total,
        "accounts": [{name: getattr(account, name) for name in FIELDS} for account in found.accounts],
        "next": _next(asked, through) if found.accounts and through < found.total else None,
    }


def _owner(asked: AccountsAsked) -> str | None:
    own = CALLER.get().owner
    if own is not None and asked.owner not in (None, own):
        raise Refusal(Problem(403, "the request asks for somebody else's accounts", [Fault("owner", NOT_YOURS)]))
    return own or asked.owner


def _next(asked: AccountsAsked, offset: int) -> str:
    """The address of the next page."""
    given = asked.model_dump(exclude_none=True, exclude_defaults=True) | {"offset": offset}
    return f"{PATH}?{urlencode(given)}"
