"""An API key: what is kept of it, and the text that its holder has."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from serving.caller import Caller, Scope

FORM = re.compile(r"tw_([0-9a-f]{8})_([0-9a-f]{64})", re.ASCII)
"""`tw_<id>_<secret>`; the secret has 256 random bits."""


@dataclass(frozen=True)
class Key:
    """What is kept of a key: who has it, what it allows, from when to when (µs UTC), and the SHA-256 of its secret.

    `owner` is the account manager whose accounts alone it sees; None sees every account.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    owner: str | None
    created: int
    expires: int | None
    revoked: int | None = None
    digest: str = field(default="", repr=False)

    def is_valid(self, now: int) -> bool:
        """Whether it opens anything at `now` (µs UTC)."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    @property
    def caller(self) -> Caller:
        """Who asks with it."""
        return Caller(self.id, self.scopes, self.owner)


def new_key(name: str, scopes: Iterable[Scope], owner: str | None, *, created: int, expires: int | None) -> "NewKey":
    """A key that nobody has yet, with the text that only its holder will know."""
    id_, secret = secrets.token_hex(4), secrets.token_hex(32)
    key = Key(id_, name, frozenset(scopes), owner, created, expires, digest=digest(secret))
    return NewKey(key, f"tw_{id_}_{secret}")


@dataclass(frozen=True)
class NewKey:
    """A key with its text, which is shown once and kept nowhere."""

    key: Key
    text: str = field(repr=False)


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hex. It has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


NOBODYS = digest(secrets.token_hex(32))
"""Stands in for the digest of an unknown key, so that a wrong id takes as long as a wrong secret."""


def matching(text: str, keys: dict[str, Key], now: int) -> Key | None:
    """The valid key, of `keys` by their ids, that a text is; compared in constant time."""
    form = FORM.fullmatch(text)
    id_, secret = form.groups() if form else ("", "")
    key = keys.get(id_)
    same = hmac.compare_digest(digest(secret), key.digest if key else NOBODYS)
    return key if key is not None and same and key.is_valid(now) else None
