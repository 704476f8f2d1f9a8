"""Whose accounts a caller sees: a key of an account manager opens that manager's customers alone."""

from collections.abc import Iterable, Mapping, Sequence

from serving.caller import CALLER
from serving.engine import Engine
from serving.errors import Fault
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal

NOT_YOURS = "is not among the accounts of this key"
NOBODY = "nobody is on record under this id; check its spelling, capitals and leading zeros"


def owners(engine: Engine, customer_ids: Sequence[str]) -> Mapping[str, str | None]:
    """The account manager of every customer of these ids who is on record, None where there is none."""
    histories = engine.store.histories(list(dict.fromkeys(customer_ids)))
    return dict(zip(histories.customer_ids, engine.owners_of(histories), strict=True))


def require_unowned_by_others(engine: Engine, asked: Mapping[str, str]) -> None:
    """Refuses (403) ids on record whose customers are somebody else's; ids of nobody pass. `asked` are the ids by the
    paths of their fields."""
    owner = CALLER.get().owner
    if owner is not None:
        known = owners(engine, list(asked.values()))
        _refuse(path for path, customer in asked.items() if customer in known and known[customer] != owner)


def require_own(engine: Engine, asked: Mapping[str, str]) -> None:
    """Refuses (403) ids that are not on record as the caller's own; what is written belongs to somebody."""
    owner = CALLER.get().owner
    if owner is not None:
        known = owners(engine, list(asked.values()))
        _refuse(path for path, customer in asked.items() if known.get(customer) != owner)


def require_visible(engine: Engine, customer_id: str) -> None:
    """Refuses (404) a customer who is not on record, or whom the caller does not see: which of both is not told."""
    owner, known = CALLER.get().owner, owners(engine, [customer_id])
    if customer_id not in known or (owner is not None and known[customer_id] != owner):
        raise no_such_customer()


def no_such_customer() -> Refusal:
    """The refusal (404) of a customer who is not on record, or no longer."""
    return Refusal(Problem(404, "there is no such customer", [Fault("customer_id", NOBODY)]))


def _refuse(paths: Iterable[str]) -> None:
    faults = [Fault(path, NOT_YOURS) for path in paths]
    if faults:
        raise Refusal(Problem(403, "the request names customers of somebody else", faults))
