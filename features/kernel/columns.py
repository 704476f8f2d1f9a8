"""What compiled code knows by name: the columns of a row, the roles of events, a day.

`AT.orders` is the column of the feature "orders", for every name in the catalogue. A name that is not
declared does not compile.
"""

from collections import namedtuple
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.events import ROLES
from features.catalog import NAMES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = Any  # a record array; its fields are read as attributes

make_record: Any = namedtuple
AT: Any = make_record("Columns", NAMES)(*range(len(NAMES)))


def columns(*names: str) -> tuple[int, ...]:
    """Columns of features that differ by a window or a role only, in the order of `names`."""
    return tuple(NAMES.index(name) for name in names)


PURCHASE = ROLES.index("purchase")
RETURN = ROLES.index("return")
INQUIRY = ROLES.index("inquiry")
QUOTE = ROLES.index("quote")
SAMPLE = ROLES.index("sample")
VISIT = ROLES.index("visit")
CONTENT = ROLES.index("content")
TOUCH = ROLES.index("touch")
RESPONSE = ROLES.index("response")
MEETING = ROLES.index("meeting")
PAYMENT = ROLES.index("payment")
SUPPORT = ROLES.index("support")
SURVEY = ROLES.index("survey")

DAY = 86_400_000_000
ALWAYS = 2**31  # days: no event is older
NEVER = np.nan
