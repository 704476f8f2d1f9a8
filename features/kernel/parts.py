"""Which families of the catalogue are asked for: a bit each, so that the walk can leave out the others."""

from typing import Any

from features.catalog import FAMILIES
from features.kernel.columns import make_record

BIT: Any = make_record("Bits", [family.name for family in FAMILIES])(*(1 << place for place in range(len(FAMILIES))))
AS_SEQUENCE = BIT.stages | BIT.sessions | BIT.steps
