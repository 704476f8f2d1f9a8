"""Learning the embedding of transitions from many customers; training does it, features only apply it."""

import numpy as np

from data.histories.histories import Histories
from features.build import build_features
from features.kernel.columns import Floats
from features.spec import FeatureSpec
from features.transitions import NO_EMBEDDING, PAIRS, Embedding

RUN = 8192  # customers whose transitions are held at a time
DIGITS = 9  # so that the last bits of a decomposition do not reach a bundle
LEAST = 1e-9  # a component this much weaker than the strongest is none
AS_THEY_ARE = Embedding(PAIRS, tuple(map(tuple, np.eye(len(PAIRS)).tolist())))


def fit_embedding(histories: Histories, cutoff: int, dimensions: int) -> Embedding:
    """The truncated SVD of the customers' transitions as known at `cutoff` (us UTC), at most `dimensions`.

    A row of the decomposed matrix is one customer's √(share of each transition), which the compiled walk
    gives itself, as seen through an embedding that changes nothing. Without at least two different
    transitions there is nothing to learn, and the embedding is empty.
    """
    spec = FeatureSpec("UTC", 0, columns=(), embedding=AS_THEY_ARE)
    products = np.zeros((len(PAIRS), len(PAIRS)))
    for first in range(0, len(histories), RUN):
        some = histories.select(range(first, min(first + RUN, len(histories))))
        add_products(products, build_features(some, [cutoff], spec)[0])
    used = np.flatnonzero(np.diag(products))
    return NO_EMBEDDING if len(used) < 2 else decomposed(products[np.ix_(used, used)], used.tolist(), dimensions)


def add_products(products: Floats, roots: Floats) -> None:
    """Adds the products of all columns with each other over the rows, in the order of the rows."""
    used = np.flatnonzero(np.nan_to_num(roots).any(axis=0))
    known = roots[~np.isnan(roots[:, 0])][:, used]
    products[np.ix_(used, used)] += np.einsum("ni,nj->ij", known, known)


def decomposed(products: Floats, used: list[int], dimensions: int) -> Embedding:
    """The right singular vectors, strongest first, from the products of columns; each points up at its peak."""
    strengths, vectors = np.linalg.eigh(products)
    kept = [k for k in np.argsort(-strengths, kind="stable") if strengths[k] > LEAST * strengths[-1]][:dimensions]
    rows = []
    for k in kept:
        vector = np.round(vectors[:, k], DIGITS)
        rows.append(tuple((vector * np.sign(vector[np.argmax(np.abs(vector))]) + 0.0).tolist()))
    return Embedding(tuple(PAIRS[place] for place in used), tuple(rows))
