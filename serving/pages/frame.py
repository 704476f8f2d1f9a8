"""What every page needs to know of its reader: language, appearance, and the links of the page that is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from serving.caller import CALLER
from serving.engine import Engine
from serving.figures import Language, said
from serving.guard.routes import decoded
from serving.pages.environment import environment
from serving.pages.words import WORDS

LANGUAGES: tuple[Language, ...] = ("en", "zh")
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Frame:
    """A page of one book for one reader; `chosen` are the settings that this request asks to be kept."""

    engine: Engine
    language: Language
    theme: str
    path: str
    query: Mapping[str, str]
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, request: Request, engine: Engine) -> "Frame":
        """The frame of a request: what it asks for, else what was kept, else what the browser and the book prefer."""
        query = {name: text for name, text in request.query_params.items() if text}
        chosen = {
            name: query[name]
            for name, known in (("language", LANGUAGES), ("theme", THEMES))
            if query.get(name) in known
        }
        kept = {**request.cookies, **chosen}
        language: Language = "zh" if kept.get("language", _preferred(request, engine)) == "zh" else "en"
        theme = kept.get("theme", "auto")
        return cls(engine, language, theme if theme in THEMES else "auto", request.url.path, query, chosen)

    def say(self, word: str, **parts: object) -> str:
        """A word of the pages in the reader's language."""
        return said(WORDS[word], self.language).format(**parts)

    def link(self, **changes: object) -> str:
        """This page with other settings; None takes one away."""
        kept = {name: text for name, text in self.query.items() if name not in ("language", "theme")}
        wanted = {name: value for name, value in {**kept, **changes}.items() if value is not None}
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path

    def day(self, instant: int) -> str:
        """The local day of an instant (µs UTC), as an ISO date."""
        return self.engine.local_day(instant)

    def customer(self, request: Request) -> str:
        """The customer that the address names."""
        return decoded(request.path_params["customer_id"])

    def path_of(self, customer: str) -> str:
        """The address of a customer's page."""
        return f"/customers/{quote(customer, safe='')}"

    def seen(self, customers: Sequence[str]) -> frozenset[str]:
        """Those of the customers who are on record and whom the reader may see."""
        histories = self.engine.store.histories(list(customers))
        owners = self.engine.owners_of(histories)
        sees = CALLER.get().sees
        return frozenset(name for name, owner in zip(histories.customer_ids, owners, strict=True) if sees(owner))

    @property
    def owners(self) -> list[str]:
        """The account managers among whom the reader may choose."""
        return [] if CALLER.get().owner else self.engine.ledger.owners()

    def page(self, template: str, status: int = 200, **shown: Any) -> Response:
        """The page, and the reader's choices kept for the next one."""
        words = {name: said(words, self.language) for name, words in WORDS.items()}
        engine = self.engine
        text = (
            environment()
            .get_template(template)
            .render(
                frame=self,
                say=words,
                language=self.language,
                theme=self.theme,
                title=engine.book.title or engine.book.name,
                as_of=self.day(engine.latest_cutoff),
                model=engine.bundle.version,
                plan=engine.plan.version if engine.plan else None,
                caller=CALLER.get(),
                **shown,
            )
        )
        answer = HTMLResponse(text, status)
        for name, value in self.chosen.items():
            answer.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="strict")
        return answer


def _preferred(request: Request, engine: Engine) -> str:
    """The first language of the browser that the pages speak; that of the book where there is none."""
    for part in request.headers.get("accept-language", "").split(","):
        spoken = part.strip()[:2].lower()
        if spoken in LANGUAGES:
            return spoken
    return engine.book.language
