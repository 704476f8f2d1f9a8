"""The classes of the rule models, to which a playbook may give service and tasks of their own."""

from serving.tiers import lifecycle, matrix, rfm
from serving.tiers.percentile import LEVELS

PROSPECT = "prospect"
"""The class of whoever has never bought, under every policy."""

CLASSES = tuple(
    dict.fromkeys(each.name for each in (*rfm.SEVEN, *rfm.EIGHT, *matrix.CLASSES, *lifecycle.CLASSES, *LEVELS))
)
"""By name; stages of a life and cells of a matrix that share a name share a row."""
