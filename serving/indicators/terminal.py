"""The indicators of one customer as an account manager reads them in a terminal."""

from collections.abc import Iterator

from features.feature import Words
from serving.figures import said
from serving.indicators.answer import UNKNOWN, Indicators, Risk
from serving.indicators.risk_words import NAMES
from serving.numerals import Language

RISKS = Words("Risk scan:", "风险扫描：")
RISK = Words("  - {title}, {level}: {text}", "  - {title}（{level}）：{text}")
CALM = Words("  - {title}: {text}", "  - {title}：{text}")
FACT = Words("    · {text}", "    · {text}")


def indicator_lines(told: Indicators, language: Language) -> Iterator[str]:
    """Value and health in a line each, then every rule of the risk scan, with its evidence where it found any."""
    yield told.value_parts.text
    yield told.health.text
    yield said(RISKS, language)
    for risk in told.risks:
        yield from _risk(risk, language)
    yield ""


def _risk(risk: Risk, language: Language) -> Iterator[str]:
    form = CALM if risk.level in ("none", UNKNOWN) else RISK
    yield said(form, language).format(title=risk.title, level=said(NAMES[risk.level], language), text=risk.text)
    yield from (said(FACT, language).format(text=one.text) for one in risk.evidence)
