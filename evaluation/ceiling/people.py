"""Who teaches and who is asked: nobody is both."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.hashing import combine, mix, stable_hash
from evaluation.errors import EvaluationError

Places = NDArray[np.int64]


def parted(customer_ids: Sequence[str], taught: int, seed: int) -> tuple[Places, Places]:
    """The places of `taught` customers and of all others, both ascending.

    Those with the smallest hash of seed and id teach: whom that is does not depend on the order of the
    customers. EvaluationError unless somebody is left to be asked.
    """
    if not 0 < taught < len(customer_ids):
        raise EvaluationError(
            f"--taught {taught}: expected at least 1 and fewer than the {len(customer_ids):,} customers with "
            "an event, so that some are left that no model has seen"
        )
    ids = stable_hash(customer_ids)
    luck = mix(combine([ids, np.full(len(ids), seed, np.uint64)]))
    order = np.lexsort((ids, luck)).astype(np.int64)
    return np.sort(order[:taught]), np.sort(order[taught:])
