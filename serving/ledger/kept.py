"""What was recommended, exactly as it was said: rows are added, and never changed."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

import zstandard
from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg

from data.clock import instant_of
from data.errors import StoreError
from serving.ledger.database import Database
from serving.ledger.tables import DICTIONARIES, RECOMMENDATIONS
from serving.recommendation import Recommendation, to_json

LEVEL = 3
"""How hard is compressed: a tenth smaller would take ten times as long."""

TYPICAL = 5
"""Answers that a dictionary is made of: each more makes answers smaller, five by a tenth."""

FIGURE = re.compile(r"\d+(\.\d+)?(e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Kept:
    """A recommendation on record: `text` is the JSON that was answered, to the letter.

    `cutoff` and `recorded` (when it was first said) are µs UTC; `lifetime_value` is in the book's currency; the chances
    are null for who does not have them, and tier and policy without a plan. `feature_hash` tells what the models saw.
    """

    id: str
    customer_id: str
    cutoff: int
    language: str
    model_version: str
    plan_version: str | None
    playbook_version: str | None
    policy: str | None
    tier: str | None
    feature_hash: str | None
    lifetime_value: float
    conversion: float | None
    churn: float | None
    recorded: int
    text: str


@dataclass(frozen=True)
class Dictionary:
    """What answers of a model in a language begin with, by its number in the ledger; made ready once."""

    number: int | None
    shared: zstandard.ZstdCompressionDict

    @classmethod
    def of(cls, number: int | None, content: bytes) -> "Dictionary":
        shared = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        if content:
            shared.precompute_compress(level=LEVEL)
        return cls(number, shared)

    def packed(self, texts: Sequence[bytes]) -> list[bytes]:
        """Each text on its own, compressed."""
        if self.number is None:
            packer = zstandard.ZstdCompressor(level=LEVEL)
        else:
            packer = zstandard.ZstdCompressor(dict_data=self.shared)
        return [packer.compress(text) for text in texts]

    def text(self, packed: bytes) -> bytes:
        """A text as it was before."""
        given = None if self.number is None else self.shared
        return zstandard.ZstdDecompressor(dict_data=given).decompress(packed)


PLAIN = Dictionary(None, zstandard.ZstdCompressionDict(b"", dict_type=zstandard.DICT_TYPE_RAWCONTENT))
"""No dictionary: for answers that came before one could be made."""

COLUMNS = [column for column in RECOMMENDATIONS.c if column.name != "number"]


def id_of(text: bytes) -> str:
    """The id of a recommendation: the first 32 hex digits of the SHA-256 of its text."""
    return hashlib.sha256(text).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that is to be kept: its `columns`, its text in UTF-8, and, where nobody's hand is in it and it has
    reasons, what makes the text without the customer's id."""

    columns: Mapping[str, Any]
    text: bytes
    nameless: Callable[[], str] | None

    @classmethod
    def of(cls, answer: Recommendation, text: bytes) -> "Said":
        return cls(columns_of(answer), text, partial(_nameless, answer) if is_typical(answer) else None)


def columns_of(answer: Recommendation) -> dict[str, Any]:
    """What is searched for and shown without the text; JSON values."""
    return {
        "customer_id": answer.customer_id,
        "cutoff": instant_of(datetime.fromisoformat(answer.cutoff)),
        "model_version": answer.model_version,
        "plan_version": answer.plan_version,
        "playbook_version": answer.playbook_version,
        "policy": answer.tier.policy if answer.tier else None,
        "tier": answer.tier.name if answer.tier else None,
        "feature_hash": answer.feature_hash,
        "lifetime_value": answer.lifetime_value.value,
        "conversion": answer.conversion.value,
        "churn": answer.churn.value,
    }


def is_typical(answer: Recommendation) -> bool:
    """Whether a dictionary may be made of it: it has reasons, and no person had a hand in it."""
    return bool(answer.breakdowns) and not (answer.tier and answer.tier.override)


def _nameless(answer: Recommendation) -> str:
    return to_json(replace(answer, customer_id="").to_dict())


def rows_of(said: Sequence[Said], language: str, recorded: int, dictionary: Dictionary) -> list[dict[str, Any]]:
    """The answers as rows."""
    texts = [each.text for each in said]
    told = {"language": language, "recorded": recorded, "dictionary": dictionary.number}
    return [
        {**each.columns, **told, "id": id_of(each.text), "text": small}
        for each, small in zip(said, dictionary.packed(texts), strict=True)
    ]


def added(database: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds the rows; one that is there already stays as it is."""
    database.add(_adding(database.file is not None), rows)


@cache
def _adding(in_a_file: bool) -> str:
    """The statement that adds a row, with its values by name."""
    new, dialect = (sqlite, sqlite.dialect(paramstyle="named")) if in_a_file else (postgresql, psycopg.dialect())  # type: ignore[no-untyped-call]
    adding = new.insert(RECOMMENDATIONS).on_conflict_do_nothing(index_elements=["id"])
    return str(adding.compile(dialect=dialect, column_keys=[column.name for column in COLUMNS]))


def dictionary_for(connection: Connection, model_version: str, language: str) -> Dictionary | None:
    """That of a model in a language, None where none was made yet."""
    query = select(DICTIONARIES.c.id, DICTIONARIES.c.content).where(
        DICTIONARIES.c.model_version == model_version, DICTIONARIES.c.language == language
    )
    found = connection.execute(query).one_or_none()
    return Dictionary.of(found.id, bytes(found.content)) if found else None


def founded(connection: Connection, said: Sequence[Said], language: str) -> Dictionary:
    """A dictionary made of the first answers that nobody's hand is in; PLAIN where there is none.

    It outlives the customers, so their ids and every figure are left out of it.
    """
    model = said[0].columns["model_version"]
    found = dictionary_for(connection, model, language)
    typical = [each.nameless for each in said if each.nameless]
    if found or not typical:
        return found or PLAIN
    content = "".join(FIGURE.sub("0", nameless()) for nameless in typical[:TYPICAL]).encode()
    given = {"model_version": model, "language": language, "content": content}
    key = connection.execute(insert(DICTIONARIES).values(given)).inserted_primary_key
    assert key is not None
    return Dictionary.of(int(key[0]), content)


def dictionaries(connection: Connection, numbers: Sequence[int]) -> dict[int, Dictionary]:
    """Dictionaries by their numbers."""
    found = connection.execute(select(DICTIONARIES.c.id, DICTIONARIES.c.content).where(DICTIONARIES.c.id.in_(numbers)))
    return {row.id: Dictionary.of(row.id, bytes(row.content)) for row in found}


def one(connection: Connection, id_: str) -> Kept | None:
    """The recommendation of this id."""
    found = connection.execute(select(*COLUMNS).where(RECOMMENDATIONS.c.id == id_)).all()
    return next(iter(_read(connection, found)), None)


def of_customer(connection: Connection, customer_id: str, limit: int) -> list[Kept]:
    """Those of a customer, the newest cutoff first, and of one cutoff what was said last first."""
    query = (
        select(*COLUMNS)
        .where(RECOMMENDATIONS.c.customer_id == customer_id)
        .order_by(RECOMMENDATIONS.c.cutoff.desc(), RECOMMENDATIONS.c.number.desc())
        .limit(limit)
    )
    return _read(connection, connection.execute(query).all())


def _read(connection: Connection, rows: Sequence[Any]) -> list[Kept]:
    known = dictionaries(connection, sorted({row.dictionary for row in rows} - {None}))
    return [_kept(row._asdict(), known.get(row.dictionary, PLAIN)) for row in rows]


def _kept(row: dict[str, Any], dictionary: Dictionary) -> Kept:
    del row["dictionary"]
    try:
        text = dictionary.text(bytes(row["text"]))
    except zstandard.ZstdError:
        text = b""
    if id_of(text) != row["id"]:
        raise StoreError(f"ledger: recommendation {row['id']} cannot be read any more: its row was damaged")
    return Kept(**{**row, "text": text.decode()})
