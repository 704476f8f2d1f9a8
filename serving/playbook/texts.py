"""The places in a playbook's words that are filled in for a customer: `{chance}`, `{days}` and features by name."""

import re
from string import Formatter

from data.errors import did_you_mean
from data.settings.signals import Wording
from features.spec import FEATURES

ASKED = ("chance", "days")
"""The churn and its horizon."""

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def fields_of(text: str) -> tuple[str, ...]:
    """The names in braces, each once, in their order. ValueError for braces that do not match."""
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name is not None))


def require_alike(words: Wording) -> None:
    """ValueError for words that name something unknown, or whose languages do not carry the same figures."""
    english, chinese = fields_of(words.en), fields_of(words.zh)
    for name in (*english, *chinese):
        if name not in ASKED and name not in FEATURES:
            known = (*ASKED, *FEATURES)
            raise ValueError(
                f"{{{name}}}: expected chance, days or a feature of the catalogue{did_you_mean(name, known)}"
            )
    if sorted(english) != sorted(chinese) or sorted(_FIGURE.findall(words.en)) != sorted(_FIGURE.findall(words.zh)):
        raise ValueError("expected the same figures and names in braces in both languages")
