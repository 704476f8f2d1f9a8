"""The report card of a book's models: what a replayed past said of them; written by `evaluation`, read by the pages."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from data.drafts import replace_durably, sweep


class Part(BaseModel):
    """Plain values, exactly these."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class JudgedGrade(Part):
    """How many `more` of the high-value customers the model finds than a rule of thumb, as a share, with its 95 %
    interval; `found` and `found_by_baseline` are shares of the high-value customers."""

    grade: Literal["A", "B", "C"] | None
    baseline: str
    found: float
    found_by_baseline: float
    more: float
    low: float
    high: float
    n: int


class JudgedMetric(Part):
    """One metric of one model over `n` customers, with its 95 % interval."""

    target: str
    horizon_days: int
    model: str
    metric: str
    value: float
    low: float
    high: float
    n: int


class Tenth(Part):
    """A tenth of the customers, by prediction: the mean of what was predicted of them, and what came, with its 95 %
    interval where it is a share."""

    predicted: float
    came: float
    low: float | None
    high: float | None
    n: int


class Calibration(Part):
    """The tenths of one target, the lowest prediction first; money in the book's currency, or shares."""

    target: str
    horizon_days: int
    tenths: tuple[Tenth, ...]


class Card(Part):
    """What was judged at the local ISO date `judged`: the models as they would have been trained then, on customers'
    later doings that they had not seen."""

    book: str
    judged: str
    currency: str
    grade: JudgedGrade | None
    metrics: tuple[JudgedMetric, ...]
    calibration: tuple[Calibration, ...]


def save(card: Card, home: Path) -> Path:
    """Writes `<home>/<book>/card.json`, whole or not at all."""
    file = _file(card.book, home)
    file.parent.mkdir(parents=True, exist_ok=True)
    sweep(file)
    replace_durably(file, card.model_dump_json(indent=1).encode())
    return file


def load(book: str, home: Path) -> Card | None:
    """The card of a book; None where there is none, or none that this program understands."""
    file = _file(book, home)
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValidationError):
        return None


@lru_cache(maxsize=8)
def _read(file: Path, _: int) -> Card:
    """The card in a file, read again where the file is another one."""
    return Card.model_validate_json(file.read_bytes())


def _file(book: str, home: Path) -> Path:
    return home / book / "card.json"
