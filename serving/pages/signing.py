"""Signing in with a key, and out again."""

import time
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.keys.cookie import cookie_of, no_cookie, safe_next, token_in
from serving.keys.keyring import Keyring
from serving.pages.frame import Frame


def page(frame: Frame, _: Request, *, wrong: bool = False, back: str | None = None) -> Response:
    """Where a key is asked for; `back` is where to go then, by default what the address names."""
    back = safe_next(back or frame.query.get("next"))
    return frame.page("sign_in.html", 401 if wrong else 200, here="sign_in", next=back, wrong=wrong)


def sign_in(frame: Frame, request: Request, form: Mapping[str, str]) -> Response:
    """A session for a key that is known, and back to where it was asked for; else the page again."""
    token = Keyring(frame.engine.ledger.database).sign_in(form.get("key", "").strip(), now=time.time_ns() // 1_000)
    if token is None:
        return page(frame, request, wrong=True, back=form.get("next"))
    answer = RedirectResponse(safe_next(form.get("next")), 303)
    answer.headers.append("set-cookie", cookie_of(token, secure=_secure(request)))
    return answer


def sign_out(frame: Frame, request: Request, _: Mapping[str, str]) -> Response:
    """The end of a session, here and in the ledger."""
    Keyring(frame.engine.ledger.database).sign_out(token_in(request.headers.get("cookie", "")))
    answer = RedirectResponse("/sign-in", 303)
    answer.headers.append("set-cookie", no_cookie(secure=_secure(request)))
    return answer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
