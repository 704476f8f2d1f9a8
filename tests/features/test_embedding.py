from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings

from data.clock import instant_of
from data.events import Event
from features.build import build_features
from features.embedding import fit_embedding
from features.errors import FeatureError
from features.spec import FeatureSpec
from features.transitions import NO_EMBEDDING, Embedding
from tests.features.strategies import Customer, at, customers, histories_of, spec

CUTOFF = instant_of(at(600))


def steps(customer: str, *kinds: str) -> Customer:
    """A customer with one event a day."""
    return customer, [Event(customer, at(day), kind) for day, kind in enumerate(kinds)], {}


PEOPLE = [
    steps("a", "inquiry", "quote", "order"),
    steps("b", "inquiry", "quote", "order", "order", "order"),
    steps("c", "order", "order", "order"),
    steps("d", "touch", "touch"),
    steps("e", "visit"),
    steps("f", "touch", "touch"),
    steps("g", "touch", "touch"),
]


def seen_through(embedding: Embedding, people: list[Customer]) -> np.ndarray:
    """The customers' columns of an embedding."""
    only = FeatureSpec("UTC", 2, columns=(), embedding=embedding)
    return build_features(histories_of(people), [CUTOFF], only)[0]


def test_the_embedding_is_the_truncated_svd_of_the_roots_of_transition_shares() -> None:
    embedding = fit_embedding(histories_of(PEOPLE), CUTOFF, 2)
    assert set(embedding.pairs) == {"inquiry>quote", "quote>purchase", "purchase>purchase", "touch>touch"}
    shares = {
        "a": (1, 1, 0, 0),
        "b": (1, 1, 2, 0),
        "c": (0, 0, 2, 0),
        "d": (0, 0, 0, 1),
        "f": (0, 0, 0, 1),
        "g": (0, 0, 0, 1),
    }
    order = [embedding.pairs.index(pair) for pair in ("inquiry>quote", "quote>purchase", "purchase>purchase")]
    roots = np.array([np.sqrt(np.array(row) / sum(row)) for row in shares.values()])
    _, _, vectors = np.linalg.svd(roots, full_matrices=False)
    projected = np.abs(roots @ vectors[:2].T)[:4]
    np.testing.assert_allclose(np.abs(seen_through(embedding, PEOPLE)[:4]), projected, atol=1e-8)
    assert len(order) == 3
    assert np.isnan(seen_through(embedding, PEOPLE)[4]).all()


def test_fitting_again_gives_the_same_numbers_and_reads_back() -> None:
    one, two = (fit_embedding(histories_of(PEOPLE), CUTOFF, 3) for _ in range(2))
    assert one == two
    whole = dataclasses.replace(spec(), embedding=one)
    assert FeatureSpec.from_dict(json.loads(json.dumps(whole.to_dict()))) == whole
    assert whole.names[-3:] == ("pattern_1", "pattern_2", "pattern_3")
    assert "then" in whole.feature("pattern_1").high.en


def test_what_happens_after_the_cutoff_teaches_nothing() -> None:
    assert fit_embedding(histories_of(PEOPLE), instant_of(at(-1)), 2) == NO_EMBEDDING
    early = fit_embedding(histories_of(PEOPLE), instant_of(at(1)), 2)
    assert set(early.pairs) == {"inquiry>quote", "purchase>purchase", "touch>touch"}


def test_one_kind_of_transition_is_nothing_to_learn() -> None:
    assert fit_embedding(histories_of([steps("c", "order", "order")]), CUTOFF, 2) == NO_EMBEDDING


@settings(max_examples=20, deadline=None)
@given(customers(most=5))
def test_a_customer_has_the_same_embedding_alone_and_among_others(drawn: list[Customer]) -> None:
    embedding = fit_embedding(histories_of(PEOPLE), CUTOFF, 3)
    together = seen_through(embedding, drawn)
    for row, person in enumerate(sorted(drawn)):
        assert seen_through(embedding, [person]).tobytes() == together[[row]].tobytes()


def test_loadings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(FeatureError, match="transitions of known roles"):
        Embedding(("inquiry>dance",), ((1.0,),))
    with pytest.raises(FeatureError, match="a loading for each"):
        Embedding(("inquiry>quote",), ((1.0, 2.0),))
