from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import DAY, instant_of
from data.histories.encoding import encode
from data.histories.histories import Histories
from data.histories.profiles import FOR_EVER
from features.build import build_features
from features.catalog import NAMES
from features.profile import ProfileFeature
from features.spec import fit_spec
from tests.features.strategies import at, histories_of, shop

PEOPLE = [
    ("a", [], {"industry": "steel", "size": 3, "since": "2020-12-31"}),
    ("b", [], {"industry": "paper"}),
    ("c", [], {}),
]
CUTOFF = instant_of(at(10))


def profile_of(histories: Histories, seen: Histories | None = None, known_at: int = CUTOFF) -> np.ndarray:
    """industry, size and since of each customer; the levels are those of `seen`."""
    spec = fit_spec(shop(), seen or histories)
    return build_features(histories, [CUTOFF], spec, [known_at])[0, :, len(NAMES) :]


def test_categories_are_codes_numbers_are_themselves_and_dates_are_ages() -> None:
    table = profile_of(histories_of(PEOPLE))
    assert {table[0, 0], table[1, 0]} == {0.0, 1.0}
    assert table[0, 1] == 3.0
    # midnight in Berlin is 23:00 of the day before in UTC
    assert table[0, 2] == 11 + 1 / 24
    assert np.isnan(table[2]).all()


def test_a_level_never_seen_in_fitting_is_missing() -> None:
    seen = histories_of(PEOPLE[:1])
    assert profile_of(histories_of(PEOPLE), seen)[:2, 0].tolist()[0] == 0.0
    assert np.isnan(profile_of(histories_of(PEOPLE), seen)[1, 0])


def known_from(histories: Histories, instant: int, until: int = FOR_EVER) -> Histories:
    """The same values, known from an instant on and until another."""
    dated = {
        name: dataclasses.replace(
            each, known=np.full(len(each.known), instant, np.int64), expires=np.full(len(each.known), until, np.int64)
        )
        for name, each in histories.profile.items()
    }
    return dataclasses.replace(histories, profile=dated)


def test_a_value_is_missing_until_it_is_known() -> None:
    histories = histories_of(PEOPLE)
    later = known_from(histories, CUTOFF + 5)
    assert np.isnan(profile_of(later)).all()
    assert np.isnan(profile_of(later, known_at=CUTOFF + 4)).all()
    expected = profile_of(histories)
    np.testing.assert_array_equal(profile_of(later, known_at=CUTOFF + 5), expected)


def test_a_rating_counts_through_the_last_instant_at_which_it_holds() -> None:
    histories, rated = histories_of(PEOPLE), ProfileFeature("size", "number")
    for until, value in ((CUTOFF, 3.0), (CUTOFF - 1, np.nan)):
        lapsing = known_from(histories, CUTOFF - 10 * DAY, until)
        np.testing.assert_equal(rated.values(lapsing, CUTOFF, CUTOFF)[0], value)
    assert ProfileFeature.from_dict(rated.to_dict()) == rated


def table_of(rows: Sequence[tuple[str, int, str, float]]) -> Histories:
    """Histories of nothing but dated profiles: customer, day known, industry, size."""
    days = [at(day) for _, day, _, _ in rows]
    columns = {"customer_id": [who for who, *_ in rows], "known_time": pl.Series(days, dtype=pl.Datetime("us", "UTC"))}
    said = {"industry": [each for *_, each, _ in rows], "size": [each for *_, each in rows]}
    events = pl.DataFrame(schema={"customer_id": pl.String, "time": pl.Datetime("us", "UTC"), "type": pl.String})
    return encode(events, pl.DataFrame({**columns, **said}), shop())


def test_at_each_cutoff_the_value_known_last_counts() -> None:
    rated = ProfileFeature("size", "number")
    histories = table_of([("a", 0, "steel", 2.0), ("a", 400, "paper", 5.0)])
    cutoffs = [instant_of(at(day)) for day in (-1, 0, 399, 400)]
    values = [rated.values(histories, cutoff, cutoff)[0] for cutoff in cutoffs]
    np.testing.assert_equal(values, [np.nan, 2.0, 2.0, 5.0])
    assert rated.values(histories, cutoffs[0], cutoffs[3])[0] == 5.0


statements = st.tuples(
    st.sampled_from(["a", "b"]), st.integers(0, 30), st.sampled_from(["steel", "paper"]), st.sampled_from([1.0, 2.5])
)


@settings(max_examples=25, deadline=None)
@given(st.lists(statements, min_size=1, max_size=8), st.lists(statements, max_size=3), st.integers(0, 30), st.randoms())
def test_a_later_value_never_changes_a_past_vector(earlier, later, day, chance) -> None:
    later = [(who, day + 1 + known, *said) for who, known, *said in later if who in {each[0] for each in earlier}]
    before, after = (
        table_of(earlier),
        table_of(chance.sample([*earlier, *later, *earlier], len([*earlier, *later, *earlier]))),
    )
    columns, cutoff = fit_spec(shop(), before), instant_of(at(day))
    assert build_features(after, [cutoff], columns).tobytes() == build_features(before, [cutoff], columns).tobytes()
