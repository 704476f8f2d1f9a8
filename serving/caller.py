"""Who asks: what an API key allows, and whose accounts it sees."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Scope = Literal["score", "read", "write", "admin"]
SCOPES: tuple[Scope, ...] = ("score", "read", "write", "admin")


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a key: its public id, what it may do, and the account manager whose accounts alone it sees.

    `key` is None where keys are off, `owner` None for a key that sees every account.
    """

    key: str | None
    scopes: frozenset[Scope]
    owner: str | None = None

    def may(self, scope: Scope) -> bool:
        """Whether the key allows it; an admin may do everything."""
        return scope in self.scopes or "admin" in self.scopes

    def sees(self, owner: str | None) -> bool:
        """Whether the accounts of that account manager (None: of nobody) are shown to it."""
        return self.owner is None or self.owner == owner


ANYBODY = Caller(None, frozenset(SCOPES))
"""Everybody, where keys are off."""

CALLER: ContextVar[Caller] = ContextVar("caller", default=ANYBODY)
"""Who asks in this request; the guard sets it before anything else sees the request."""
