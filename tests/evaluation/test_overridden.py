"""Overrides measured afterwards, on money whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.overridden import Accounts, Overridden, overridden

END = 1_000


def accounts(n: int, *, lift: float = 1.0, seed: int = 0, strata: int = 3, ends: int = END) -> Accounts:
    """Customers who bring `lift` times what was predicted, give or take; dearer strata fare worse for everybody."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, strata, n)
    predicted = rng.gamma(2.0, 50.0, n) * (1 + stratum)
    realised = predicted * lift * rng.gamma(4.0, 0.25, n) * (1.2 - 0.2 * stratum)
    return Accounts(np.arange(n), stratum, predicted, realised, np.full(n, ends))


def measured(
    own: Accounts, peers: Accounts, place: np.ndarray | None = None, draws: int = 200
) -> dict[str, Overridden]:
    """Everybody was silver, and is gold unless `place` says otherwise."""
    place, silver = np.ones(len(own), np.int64) if place is None else place, np.full(len(own), 2)
    found = overridden(own, peers, place, silver, recorded_until=END, seed=3, draws=draws)
    return {one.split: one for one in found}


@pytest.mark.parametrize(("lift", "verdict"), [(1.5, "better"), (0.5, "worse"), (1.0, "no difference")])
def test_the_verdict_follows_what_the_accounts_brought_beside_their_peers(lift: float, verdict: str) -> None:
    found = measured(accounts(150, lift=lift), accounts(3_000, seed=1))["all"]
    assert found.verdict == verdict
    assert found.against_peers.low <= lift <= found.against_peers.high
    assert found.against_peers.value == pytest.approx(found.ratio.value / found.peers_ratio.value)
    assert (found.n, found.customers, found.peers) == (150, 150, 3_000)


def test_what_befalls_everybody_is_not_laid_on_the_overridden() -> None:
    own, peers = accounts(200), accounts(2_000, seed=1)
    halved = [Accounts(a.customer, a.stratum, a.predicted, a.realised / 2, a.ends) for a in (own, peers)]
    before, after = measured(own, peers)["all"], measured(*halved)["all"]
    assert after.ratio.value == pytest.approx(before.ratio.value / 2)
    assert after.against_peers.value == pytest.approx(before.against_peers.value)


def test_peers_weigh_as_the_overridden_accounts_of_their_stratum() -> None:
    own = Accounts(np.arange(2), np.array([0, 1]), np.array([300.0, 100.0]), np.array([300.0, 100.0]), np.full(2, END))
    peers = Accounts(np.arange(3), np.array([0, 1, 1]), np.full(3, 10.0), np.array([20.0, 5.0, 5.0]), np.full(3, END))
    found = measured(own, peers)["all"]
    assert found.peers_ratio.value == pytest.approx((300 * 2 + 100 * 0.5) / 400)
    assert found.ratio.value == pytest.approx(1.0)


def test_raised_and_lowered_are_told_apart() -> None:
    own = accounts(90)
    place = np.repeat([0, 3, 2], 30)
    found = measured(own, accounts(900, seed=1), place=place)
    assert {split: one.n for split, one in found.items()} == {"all": 90, "raised": 30, "lowered": 30}
    raised = own.only(place == 0)
    assert found["raised"].ratio.value == pytest.approx(raised.realised.sum() / raised.predicted.sum())


@pytest.mark.parametrize(("own", "peers"), [(29, 500), (100, 29), (0, 500), (100, 0)])
def test_few_accounts_or_few_peers_are_too_few_to_tell(own: int, peers: int) -> None:
    found = measured(accounts(own, lift=9.0), accounts(peers, seed=1, strata=1))["all"]
    assert found.verdict == "too few to tell"


def test_one_customer_overridden_often_is_one_customer() -> None:
    own = accounts(60, lift=2.0)
    often = Accounts(own.customer % 20, own.stratum, own.predicted, own.realised, own.ends)
    found = measured(often, accounts(900, seed=1))["all"]
    assert (found.n, found.customers, found.verdict) == (60, 20, "too few to tell")


def test_windows_that_have_not_ended_count_on_neither_side() -> None:
    own, peers = accounts(100), accounts(1_000, seed=1)
    late = Accounts(own.customer, own.stratum, own.predicted, 9 * own.realised, own.ends + 1)
    both = Accounts(*(np.concatenate([getattr(a, name) for a in (own, late)]) for name in own.__dataclass_fields__))
    assert measured(both, peers)["all"] == measured(own, peers)["all"]
    running = Accounts(peers.customer, peers.stratum, peers.predicted, peers.realised, peers.ends + 1)
    assert measured(own, running)["all"].n == 0


def test_accounts_without_peers_are_left_out() -> None:
    own, peers = accounts(100, strata=3), accounts(900, seed=1, strata=2)
    assert measured(own, peers)["all"].n == int((own.stratum < 2).sum())
    nobody = Accounts(own.customer, np.full(100, -1), own.predicted, own.realised, own.ends)
    alike = Accounts(peers.customer, np.full(900, -1), peers.predicted, peers.realised, peers.ends)
    assert measured(nobody, alike)["all"].n == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 60))
def test_the_order_of_rows_and_the_unit_of_money_do_not_matter(seed: int, n: int, m: int) -> None:
    own, peers = accounts(n, seed=seed), accounts(m, seed=seed + 1)
    in_cents = [Accounts(a.customer, a.stratum, 100 * a.predicted, 100 * a.realised, a.ends) for a in (own, peers)]
    shuffled = own.only(np.random.default_rng(seed).permutation(n))  # type: ignore[arg-type]
    one, other, third = (measured(a, b, draws=5)["all"] for a, b in ((own, peers), in_cents, (shuffled, peers)))
    for found in (other, third):
        assert found.ratio.value == pytest.approx(one.ratio.value, nan_ok=True)
        assert found.against_peers.value == pytest.approx(one.against_peers.value, nan_ok=True)
    assert one.n == other.n == third.n


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="accounts: expected equally long columns"):
        Accounts(np.arange(3), np.arange(3), np.ones(2), np.ones(3), np.arange(3))
