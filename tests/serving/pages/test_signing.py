"""People sign in to the pages with a key, and see what it shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving.engine import Engine
from serving.keys.keyring import Keyring
from serving.ledger.ledger import Ledger
from serving.service import service_for
from tests.serving.conftest import client_of

ORIGIN = "http://localhost:3000"


@pytest.fixture
def signed(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, str]]:
    """A client of a service with keys on, and Ann's key; every odd customer is Ann's."""
    monkeypatch.setattr(
        Engine,
        "owners_of",
        lambda self, histories: [("Bo", "Ann")[int(name[-1]) % 2] for name in histories.customer_ids],
    )
    ledger = Ledger.at(f"sqlite:///{tmp_path / 'ledger.db'}", engine.book.name)
    made = Keyring(ledger.database).add("Ann", ["read"], "Ann", created=1)
    vars_of = {**vars(engine), "ledger": ledger}
    own = Engine(**{name: vars_of[name] for name in Engine.__dataclass_fields__})
    with client_of(service_for(lambda: own).to_asgi()) as asking:
        yield asking, made.text
    ledger.close()


def sign_in(client: Any, key: str, back: str = "/book") -> Any:
    form = {"key": key, "next": back}
    return client.request("POST", "/sign-in", data=form, headers={"origin": ORIGIN})


def test_a_page_leads_to_signing_in_and_back(signed: tuple[Any, str]) -> None:
    client, key = signed
    first = client.get("/customers/c001")
    assert (first.status_code, first.headers["location"]) == (303, "/sign-in?next=%2Fcustomers%2Fc001")
    page = client.get("/sign-in?next=%2Fcustomers%2Fc001")
    assert page.status_code == 200
    assert 'name="next" value="/customers/c001"' in page.text
    assert "Keys are off" not in page.text
    done = sign_in(client, key, "/customers/c001")
    assert (done.status_code, done.headers["location"]) == (303, "/customers/c001")
    assert "HttpOnly" in done.headers["set-cookie"]
    assert client.get("/customers/c001").status_code == 200


def test_an_account_manager_finds_no_page_of_somebody_elses_customer(signed: tuple[Any, str]) -> None:
    client, key = signed
    sign_in(client, key)
    assert client.get("/customers/c001").status_code == 200
    assert client.get("/customers/c002").status_code == 404


def test_a_wrong_key_is_told_and_other_sites_are_never_led_to(signed: tuple[Any, str]) -> None:
    client, key = signed
    wrong = sign_in(client, "tw_00000000_wrong")
    assert wrong.status_code == 401
    assert "unknown" in wrong.text
    assert sign_in(client, key, "https://elsewhere.example/").headers["location"] == "/"


def test_who_signs_out_is_asked_for_the_key_again(signed: tuple[Any, str]) -> None:
    client, key = signed
    sign_in(client, key)
    form = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}
    assert client.request("POST", "/sign-out", content=b"x=1", headers=form).status_code == 303
    assert client.get("/customers/c001").status_code == 303


def test_a_mistyped_key_does_not_forget_where_to_go(signed: tuple[Any, str]) -> None:
    client, key = signed
    wrong = sign_in(client, key + "x", "/customers/c001")
    assert wrong.status_code == 401
    assert 'name="next" value="/customers/c001"' in wrong.text
