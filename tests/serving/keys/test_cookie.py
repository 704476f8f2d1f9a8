"""Cookies of people who are signed in, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.keys.cookie import cookie_of, no_cookie, safe_next, token_in


def test_the_cookie_is_for_this_site_alone_and_hidden_from_scripts() -> None:
    assert cookie_of("abc", secure=False) == "tierwise=abc; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"
    assert cookie_of("abc", secure=True).endswith("; Secure")
    assert no_cookie(secure=False).startswith("tierwise=; Max-Age=0; ")


@pytest.mark.parametrize(
    ("header", "token"),
    [("tierwise=abc", "abc"), ("a=b; tierwise=x-y_z; c=d", "x-y_z"), ("nottierwise=abc", ""), ("", ""), (";;=", "")],
)
def test_the_token_is_found_among_other_cookies(header: str, token: str) -> None:
    assert token_in(header) == token


@pytest.mark.parametrize("text", ["/", "/book", "/customers?search=%E5%BC%A0&tier=gold", "/customers/a%2Fb"])
def test_the_way_back_is_a_path_of_this_service(text: str) -> None:
    assert safe_next(text) == text


@pytest.mark.parametrize(
    "text",
    [None, "", "book", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil",
     "/a\r\nset-cookie: x", "/a\\b", "\\\\evil"],
)  # fmt: skip
def test_the_way_back_never_leads_elsewhere(text: str | None) -> None:
    assert safe_next(text) == "/"


@given(st.text(max_size=20))
def test_whatever_the_way_back_is_it_begins_with_one_slash(text: str) -> None:
    found = safe_next(text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
