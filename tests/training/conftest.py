"""Real purchase histories to fit to: CDNOW, from the package that ships it."""

import importlib.metadata
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

Floats = NDArray[np.float64]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CALIBRATION_ENDS = date(1997, 9, 30)
EPOCH = date(1997, 1, 1)


@dataclass(frozen=True)
class Purchases:
    """Weeks; transactions of one customer on one day are one purchase; `spend` is the mean of the repeats."""

    frequency: Floats
    recency: Floats
    age: Floats
    spend: Floats


def _read(name: str) -> list[tuple[str, int, float]]:
    """(customer, day since 1997-01-01, dollars) of every line; the master file starts with a header."""
    try:
        files = importlib.metadata.files("lifetimes") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = [file for file in files if file.name == name]
    if not found:
        pytest.skip(f"{name} comes with the package lifetimes, which is not installed")
    rows = (line.split() for line in found[0].read_text().splitlines())
    return [
        (row[0], (date.fromisoformat(row[-3]) - EPOCH).days, float(row[-1])) for row in rows if row and row[0].isdigit()
    ]


def _purchases(name: str) -> Purchases:
    end = (CALIBRATION_ENDS - EPOCH).days
    days: dict[str, dict[int, float]] = {}
    for customer, day, dollars in _read(name):
        if day <= end:
            spent = days.setdefault(customer, {})
            spent[day] = spent.get(day, 0.0) + dollars
    rows = []
    for _, spent in sorted(days.items()):
        first, *repeats = sorted(spent)
        mean = sum(spent[day] for day in repeats) / len(repeats) if repeats else 0.0
        rows.append((len(repeats), (max(spent) - first) / 7, (end - first) / 7, mean))
    return Purchases(*np.array(rows).T)


@pytest.fixture(scope="session")
def cdnow_sample() -> Purchases:
    return _purchases("CDNOW_sample.txt")


@pytest.fixture(scope="session")
def cdnow_master() -> Purchases:
    return _purchases("CDNOW_master.txt")
