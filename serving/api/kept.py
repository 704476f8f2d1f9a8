"""`GET /v1/recommendations/{id}`: a recommendation exactly as it was given."""

import json

from serving.api.asked import KeptAsked
from serving.api.owned import owners
from serving.caller import CALLER
from serving.engine import Engine
from serving.errors import Fault
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal

UNKNOWN = "no recommendation is kept under this id; GET /v1/customers/{customer_id} lists those of a customer"


def kept(engine: Engine, asked: KeptAsked) -> str:
    """The text of a kept recommendation, byte for byte. Refused (404) where there is none that the caller sees."""
    found = engine.ledger.kept(asked.id)
    if found is None or not _is_seen(engine, found.text):
        raise Refusal(Problem(404, "there is no such recommendation", [Fault("id", UNKNOWN)]))
    return found.text


def _is_seen(engine: Engine, text: str) -> bool:
    owner = CALLER.get().owner
    if owner is None:
        return True
    customer = json.loads(text)["customer_id"]
    return owners(engine, [customer]).get(customer) == owner
