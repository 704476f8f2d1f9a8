"""The few request headers that the guard reads."""

import re
import secrets
from urllib.parse import urlsplit

from starlette.types import Scope

from serving.figures import Language
from serving.pages.refused import spoken

PORT = re.compile(r":\d*$")
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Headers:
    """The headers of one request; of one that came twice, the last."""

    def __init__(self, scope: Scope) -> None:
        self._values: dict[bytes, bytes] = dict(scope["headers"])

    def request_id(self) -> str:
        """The caller's own id where it is a plain one, else a new one."""
        given = self._values.get(b"x-request-id", b"")
        return given.decode() if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)

    def host(self) -> str:
        """The name that the caller knows this service by, without the port."""
        return PORT.sub("", self._text(b"host").lower())

    def bearer(self) -> str | None:
        """The key that came with it; None without the header, empty where it is of another kind."""
        if b"authorization" not in self._values:
            return None
        kind, _, key = self._text(b"authorization").partition(" ")
        return key.strip() if kind.lower() == "bearer" else ""

    def cookies(self) -> str:
        """The Cookie header."""
        return self._text(b"cookie")

    def wants_page(self) -> bool:
        """Whether a browser asks for a page to show."""
        return "text/html" in self._text(b"accept").lower()

    def language(self) -> Language:
        """The language of the person who reads in the browser."""
        return spoken(self.cookies(), self._text(b"accept-language"))

    def is_json(self) -> bool:
        """Whether the body is declared as JSON in UTF-8, uncompressed."""
        return self._is(b"application/json")

    def is_form(self) -> bool:
        """Whether the body is declared as the fields of a form in UTF-8, uncompressed."""
        return self._is(b"application/x-www-form-urlencoded")

    def comes_from_elsewhere(self) -> bool:
        """Whether a browser says that a page of another site sent it.

        A browser tells by Sec-Fetch-Site where the connection is trusted, else by Origin; what sends neither is no
        browser, and nobody's session is in it unasked.
        """
        site = self._text(b"sec-fetch-site")
        if site:
            return site not in ("same-origin", "none")
        origin = self._text(b"origin")
        return bool(origin) and _authority(origin) != self._text(b"host").lower()

    def content_length(self) -> int:
        """The declared size of the body in bytes; 0 without a declaration."""
        text = self._values.get(b"content-length", b"")
        return int(text) if text.isdigit() else 0

    def waits_for_leave(self) -> bool:
        """Whether the client sends its body only once it is asked for."""
        return self._text(b"expect").lower() == "100-continue"

    def _is(self, media_type: bytes) -> bool:
        media, *parameters = self._values.get(b"content-type", b"").lower().split(b";")
        pairs = [parameter.strip().partition(b"=") for parameter in parameters]
        charset = [value.strip(b'"') for name, _, value in pairs if name == b"charset"]
        plain = self._values.get(b"content-encoding", b"identity").lower() == b"identity"
        return media.strip() == media_type and plain and charset in ([], [b"utf-8"])

    def _text(self, name: bytes) -> str:
        return self._values.get(name, b"").decode("latin-1")


def _authority(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
