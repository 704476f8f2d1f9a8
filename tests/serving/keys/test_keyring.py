"""Keys and sessions, on SQLite and PostgreSQL."""

from pathlib import Path

import pytest

from serving.caller import Caller
from serving.keys import key as keys
from serving.keys.key import FORM, matching
from serving.keys.keyring import SESSION, Keyring

NOW = 1_700_000_000_000_000


def test_a_key_opens_what_it_was_made_for(any_keyring: Keyring) -> None:
    made = any_keyring.add("ERP", ["score", "read"], created=NOW)
    found = matching(made.text, any_keyring.keys(), NOW)
    assert found is not None
    assert found.caller == Caller(made.key.id, frozenset({"score", "read"}))
    assert found.caller.may("read")
    assert not found.caller.may("write")


def test_an_account_managers_key_sees_their_accounts_alone(any_keyring: Keyring) -> None:
    made = any_keyring.add("Li Wei", ["read"], "Li Wei", created=NOW)
    caller = any_keyring.keys()[made.key.id].caller
    assert (caller.sees("Li Wei"), caller.sees("Anna"), caller.sees(None)) == (True, False, False)
    assert Caller("1", frozenset()).sees("Anna")


def test_a_book_without_keys_has_none_and_reading_makes_nothing(keyring: Keyring, tmp_path: Path) -> None:
    assert keyring.keys() == {}
    assert keyring.caller_of_session("anything", now=NOW) is None
    keyring.sign_out("anything")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_has_no_tables_of_keys_yet_has_none(any_keyring: Keyring) -> None:
    with any_keyring._database.writing():
        pass
    assert any_keyring.keys() == {}
    assert any_keyring.caller_of_session("anything", now=NOW) is None


def test_the_text_of_a_key_is_kept_nowhere(keyring: Keyring, tmp_path: Path) -> None:
    made = keyring.add("ERP", ["score"], created=NOW)
    token = keyring.sign_in(keyring.add("Li Wei", ["read"], created=NOW).text, now=NOW)
    assert token is not None
    secret = made.text.rsplit("_", 1)[1]
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert made.key.id.encode() in files
    assert secret.encode() not in files
    assert token.encode() not in files
    assert secret not in repr(made)


def test_two_keys_never_share_anything(keyring: Keyring) -> None:
    one, other = (keyring.add("ERP", ["score"], created=NOW) for _ in "12")
    assert FORM.fullmatch(one.text)
    assert one.key.id != other.key.id
    crossed = f"tw_{one.key.id}_{other.text.rsplit('_', 1)[1]}"
    assert matching(crossed, keyring.keys(), NOW) is None


@pytest.mark.parametrize("text", ["", "tw_", "tw_00000000_" + "0" * 64, "Bearer", "钥匙", "\udc00", "x" * 100_000])
def test_a_text_that_is_no_key_opens_nothing(keyring: Keyring, text: str) -> None:
    keyring.add("ERP", ["score"], created=NOW)
    assert matching(text, keyring.keys(), NOW) is None


def test_an_unknown_id_is_compared_as_well(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(keys.hmac, "compare_digest", lambda one, other: compared.append((one, other)))
    made = keyring.add("ERP", ["score"], created=NOW)
    for text in (made.text, "tw_00000000_" + "0" * 64, "nonsense"):
        assert matching(text, {made.key.id: made.key}, NOW) is None
    assert [len(one) for one, _ in compared] == [64, 64, 64]
    assert [len(other) for _, other in compared] == [64, 64, 64]


def test_a_key_ends_when_it_was_said_to(any_keyring: Keyring) -> None:
    made = any_keyring.add("ERP", ["score"], created=NOW, expires=NOW + 10)
    known = any_keyring.keys()
    assert matching(made.text, known, NOW + 9) is not None
    assert matching(made.text, known, NOW + 10) is None


def test_a_revoked_key_stays_on_record_and_opens_nothing(any_keyring: Keyring) -> None:
    made = any_keyring.add("ERP", ["score"], created=NOW)
    revoked = any_keyring.revoke(made.key.id, revoked=NOW + 5)
    assert revoked is not None
    assert revoked.revoked == NOW + 5
    again = any_keyring.revoke(made.key.id, revoked=NOW + 9)
    assert again == revoked
    assert matching(made.text, any_keyring.keys(), NOW + 6) is None
    assert any_keyring.revoke("ffffffff", revoked=NOW) is None


def test_somebody_signs_in_with_a_key_and_out_again(any_keyring: Keyring) -> None:
    made = any_keyring.add("Li Wei", ["read", "write"], "Li Wei", created=NOW)
    token = any_keyring.sign_in(f" {made.text}\n", now=NOW)
    assert token is not None
    assert any_keyring.caller_of_session(token, now=NOW + 1) == made.key.caller
    any_keyring.sign_out(token)
    assert any_keyring.caller_of_session(token, now=NOW + 1) is None


def test_a_session_ends_with_its_time_and_with_its_key(any_keyring: Keyring) -> None:
    made = any_keyring.add("Li Wei", ["read"], created=NOW)
    token = any_keyring.sign_in(made.text, now=NOW)
    assert token is not None
    assert any_keyring.caller_of_session(token, now=NOW + SESSION - 1) is not None
    assert any_keyring.caller_of_session(token, now=NOW + SESSION) is None
    any_keyring.revoke(made.key.id, revoked=NOW)
    assert any_keyring.caller_of_session(token, now=NOW + 1) is None


def test_nobody_signs_in_with_a_wrong_key_or_one_that_may_not_read(keyring: Keyring) -> None:
    made = keyring.add("ERP", ["score"], created=NOW)
    assert keyring.sign_in(made.text, now=NOW) is None
    assert keyring.sign_in("tw_00000000_" + "0" * 64, now=NOW) is None
