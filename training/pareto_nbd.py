"""The Pareto/NBD model of customers who buy at random and leave without saying so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, exprel, gammaln

from training.likelihood import Floats, distinct_rows, most_likely

BLOCK = 4096
DEPTH = 37.0  # exp(-37) is less than half a unit in the last place
POINTS, WEIGHTS = (part / 2 for part in np.polynomial.legendre.leggauss(32))
POINTS = POINTS + 0.5
