"""What a person reads in a browser where a request was refused before any page could answer."""

from http.cookies import CookieError, SimpleCookie

from serving.figures import Language, said
from serving.pages.environment import environment
from serving.pages.words import WORDS

TOLD = {401: "signed_out", 403: "not_allowed", 404: "no_page", 429: "too_many", 503: "busy", 504: "too_long"}
"""The words for the refusals that people meet; any other is told as `refused_hint`."""


def refused(status: int, language: Language, request_id: str) -> bytes:
    """The page of a refusal: what happened, what to do, and the id under which the log knows the request."""
    words = {name: said(words, language) for name, words in WORDS.items()}
    told = words[TOLD.get(status, "refused_hint")]
    page = environment().get_template("refused.html")
    return page.render(status=status, say=words, told=told, language=language, request_id=request_id).encode()


def spoken(cookies: str, accepted: str) -> Language:
    """The language of a reader: the one that was kept, else the first of the browser's that the pages speak."""
    try:
        kept = SimpleCookie(cookies).get("language")
    except CookieError:
        kept = None
    wanted = [kept.value if kept else "", *accepted.split(",")]
    found = next((start for part in wanted if (start := part.strip()[:2].lower()) in ("en", "zh")), "en")
    return "zh" if found == "zh" else "en"
