"""Every path that is served: its pattern, methods, the scope it asks for, and what it carries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, unquote

from serving.caller import Scope

Kind = Literal["json", "page", "form", "asset", "probe", "document"]
"""json: for applications, a POST carries JSON. page: for people. form: sent from a page. asset: a file that pages
use. probe: whether the process lives. document: about the service, no customer in it."""

READ = ("GET", "HEAD")
WRITE = ("POST",)


@dataclass(frozen=True)
class Route:
    """One served path; `{name}` in its pattern stands for one part of the path. Without a scope it is open to
    everybody."""

    pattern: str
    methods: tuple[str, ...]
    scope: Scope | None
    kind: Kind
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.pattern.split("/")))

    @property
    def works(self) -> bool:
        """Whether an answer takes work, and therefore a place among those at work."""
        return self.kind in ("json", "page", "form")


RECOMMENDATIONS = "/v1/recommendations"
OVERRIDE = "/customers/{customer_id}/override"
SIGN_IN = "/sign-in"

ROUTES: tuple[Route, ...] = (
    Route(RECOMMENDATIONS, WRITE, "score", "json"),
    Route("/v1/recommendations/{id}", READ, "read", "json"),
    Route("/v1/customers", READ, "read", "json"),
    Route("/v1/customers/{customer_id}", READ, "read", "json"),
    Route("/v1/what-if", WRITE, "score", "json"),
    Route("/v1/policies", READ, "read", "json"),
    Route("/v1/model", READ, "read", "json"),
    Route("/v1/events", WRITE, "write", "json"),
    Route("/v1/overrides", WRITE, "write", "json"),
    Route("/openapi.json", READ, None, "document"),
    Route("/livez", READ, None, "probe"),
    Route("/readyz", READ, None, "probe"),
    Route("/metrics", READ, "admin", "document"),
    Route("/", READ, "read", "page"),
    Route("/customers", READ, "read", "page"),
    Route("/customers/{customer_id}", READ, "read", "page"),
    Route("/book", READ, "read", "page"),
    Route("/model", READ, "read", "page"),
    Route(OVERRIDE, WRITE, "write", "form"),
    Route(f"{OVERRIDE}/withdraw", WRITE, "write", "form"),
    Route(SIGN_IN, READ, None, "page"),
    Route(SIGN_IN, WRITE, None, "form"),
    Route("/sign-out", WRITE, None, "form"),
    Route("/static/{file}", READ, None, "asset"),
)
"""A new path is a new line here; every other path is refused before anything else sees it."""

PATTERNS = tuple(dict.fromkeys(route.pattern for route in ROUTES))


def routes_of(path: str) -> tuple[Route, ...]:
    """The routes whose pattern a raw path (its parts percent-encoded) has, whatever their method; none elsewhere.

    A path without a name in its place goes before one with.
    """
    if path in BY_PATTERN:
        return BY_PATTERN[path]
    parts = path.split("/")
    named = BY_LENGTH.get(len(parts), ())
    found = next((route.pattern for route in named if _fits(route.parts, parts)), None)
    return BY_PATTERN[found] if found else ()


def canonical(path: str) -> str:
    """A raw path with each part encoded in the one usual way, so that a `/` within an id stays within its part.

    Raises ValueError where a part is no UTF-8 or holds a NUL.
    """
    if path in BY_PATTERN:
        return path
    parts = [unquote(part, errors="strict") for part in path.split("/")]
    if any("\0" in part for part in parts):
        raise ValueError
    return "/".join(quote(part, safe="") for part in parts)


def decoded(part: str) -> str:
    """What a named part of a canonical path says; for `request.path_params["customer_id"]`."""
    return unquote(part)


def _fits(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return all(name == part or (name.startswith("{") and part) for name, part in zip(pattern, parts, strict=True))


def _of_pattern(pattern: str) -> tuple[Route, ...]:
    return tuple(route for route in ROUTES if route.pattern == pattern)


def _of_length(length: int) -> tuple[Route, ...]:
    return tuple(route for route in ROUTES if len(route.parts) == length and "{" in route.pattern)


BY_PATTERN = {pattern: _of_pattern(pattern) for pattern in PATTERNS}
BY_LENGTH = {len(route.parts): _of_length(len(route.parts)) for route in ROUTES}
