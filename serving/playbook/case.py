"""What is known of a customer when it is decided what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.playbook.contacts import Contacts
from serving.reasons.parts import Reasons


@dataclass(frozen=True, slots=True)
class Case:
    """One customer at the cutoff.

    `value` is the lifetime value (currency), `conversion` and `churn` probabilities, null where there is none: a null
    churn is that of somebody who has never bought. `features` is the row in the order of the spec, nan where a value
    is unknown; `reasons` by score.
    """

    tier: str
    customer_class: str | None
    value: float
    conversion: float | None
    churn: float | None
    horizon_days: int
    features: Sequence[float]
    reasons: Mapping[str, Reasons]
    contacts: Contacts

    def score(self, name: str) -> float | None:
        """One of the three scores."""
        return {"lifetime_value": self.value, "conversion": self.conversion, "churn": self.churn}[name]
