"""The cookie of a person who is signed in, and where signing in leads back to."""

import re
from urllib.parse import quote

from serving.keys.keyring import SESSION

NAME = "tierwise"
HOME_PAGE = "/"
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def cookie_of(token: str, *, secure: bool) -> str:
    """The Set-Cookie header that signs a browser in; `secure` behind https."""
    return f"{NAME}={token}; Max-Age={SESSION // 1_000_000}; {_attributes(secure)}"


def no_cookie(*, secure: bool) -> str:
    """The Set-Cookie header that signs a browser out."""
    return f"{NAME}=; Max-Age=0; {_attributes(secure)}"


def token_in(header: str) -> str:
    """The session's token in a Cookie header; empty without one."""
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return next((value for name, _, value in pairs if name == NAME), "")


def sign_in_path(path: str, query: str) -> str:
    """Where somebody signs in who came for a page."""
    back = f"{path}?{query}" if query else path
    return "/sign-in" if back == HOME_PAGE else f"/sign-in?next={quote(back, safe='')}"


def safe_next(text: str | None) -> str:
    """Where to go after signing in: a path of this service, else its first page; never another site."""
    return text if text and OWN_PATH.fullmatch(text) else HOME_PAGE


def _attributes(secure: bool) -> str:
    return "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")
