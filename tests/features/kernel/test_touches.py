from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan


def test_touches_and_responses_are_counted_aged_and_related() -> None:
    events = [
        event("touch", 0),
        event("response", 5),
        event("response", 5.2),
        event("touch", 80),
        event("touch", 95),
        event("response", 99),
    ]
    found = features_of(events, days=100)
    assert (found["touches"], found["touches_30d"], found["touches_91d"]) == (3, 2, 2)
    assert found["last_touch_age_days"] == 5
    assert (found["responses"], found["responses_30d"], found["responses_91d"]) == (3, 1, 1)
    assert found["responses_365d"] == 3
    assert found["response_days"] == 2
    assert found["last_response_age_days"] == 1
    assert found["responses_per_touch"] == 1
    assert found["answered_touch_share"] == 1
    fading = sum(2 ** (-age / 30) for age in (5, 20, 100))
    assert found["decayed_touches_30d"] == pytest.approx(fading, abs=1e-4)


def test_a_touch_is_answered_by_a_response_within_60_days() -> None:
    in_time = [event("touch", 0), event("response", 60)]
    assert features_of(in_time, days=70)["answered_touch_share"] == 1
    too_late = [event("touch", 0), event("response", 60.01)]
    assert features_of(too_late, days=70)["answered_touch_share"] == 0
    before = [event("response", 0), event("touch", 1)]
    assert features_of(before, days=70)["answered_touch_share"] == 0


def test_nobody_touched_has_no_rate() -> None:
    found = features_of([event("response", 0)], days=10)
    assert found["touches"] == 0
    assert is_nan(found["responses_per_touch"])
    assert is_nan(found["last_touch_age_days"])
