"""In which language, currency and horizon a verdict is told."""

from dataclasses import dataclass

from features.feature import Words
from serving.figures import Language, figure, said
from serving.numerals import money_numerals


@dataclass(frozen=True, slots=True)
class Speech:
    """How a plan's verdicts are told: `days` are those of the horizon of lifetime value."""

    language: Language
    currency: str
    days: int

    def told(self, value: float | None, unit: str) -> str:
        """A number with its unit; a dash where there is none."""
        return "–" if value is None else figure(value, unit, self.currency, self.language)

    def apart(self, higher: float, lower: float, unit: str) -> str:
        """How far two numbers are apart; of money, as far as the two printed amounts are."""
        if unit != "money":
            return self.told(higher - lower, unit)
        numerals = money_numerals(self.currency, self.language)
        return numerals.told(numerals.units(higher) - numerals.units(lower))

    def said(self, words: Words, **parts: object) -> str:
        """The words in the reader's language, their places filled."""
        return said(words, self.language).format(**parts)

    def titled(self, words: Words) -> str:
        """What an input is called; that of the expected value names the horizon."""
        return said(words, self.language).replace("{days}", str(self.days))

    def joined(self, parts: list[str]) -> str:
        """The parts of an enumeration."""
        return ("；" if self.language == "zh" else "; ").join(parts)
