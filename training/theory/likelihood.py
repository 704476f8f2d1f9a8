"""Maximum likelihood over positive parameters."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], tuple[float, Floats]]

REACH = math.log(1e4)


def most_likely(
    log_likelihood: Likelihood, centre: Floats, customers: float, highest: Floats | float = math.inf
) -> Floats:
    """The positive parameters that maximise a log likelihood, within a factor of 10,000 of `centre` and
    none above `highest`.

    `log_likelihood` maps parameters to (value, gradient by parameter), summed over `customers`.
    A ridge of 10 / customers² on the logarithms keeps a handful of customers near the centre and picks one
    answer where the data pick none (nobody lapses, nobody returns); a hundred customers hardly feel it. One
    fixed starting point, no random numbers: the same rows give the same parameters.
    """
    from scipy.optimize import Bounds, minimize  # only fitting pays for them, not scoring
    from threadpoolctl import threadpool_limits

    def regret(offset: Floats) -> tuple[float, Floats]:
        parameters = centre * np.exp(offset)
        value, gradient = log_likelihood(parameters)
        ridge = offset * 10.0 / customers**2
        slope = ridge - gradient * parameters
        return (float((0.5 * ridge * offset).sum()) - value) / customers, slope / customers

    with threadpool_limits(1, user_api="blas"):  # several threads on a 4 × 4 matrix cost ten times the work
        found = minimize(
            regret,
            np.zeros_like(centre),
            jac=True,
            method="L-BFGS-B",
            bounds=Bounds(np.full_like(centre, -REACH), np.minimum(REACH, np.log(highest / centre))),
            options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9},
        )
    return centre * np.exp(np.asarray(found.x, dtype=np.float64))
