"""The sentences about contributions. They explain the score, not the world: none of them claims a cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from features.feature import Words
from serving.figures import FINE_DIGITS, said
from serving.numerals import MINUS, Language, Numerals, money_numerals, percent_numerals, point_numerals

SCORES: dict[str, Words] = {
    "lifetime_value": Words("the predicted value", "预测价值"),
    "conversion": Words("the conversion probability", "转化概率"),
    "churn": Words("the churn probability", "流失概率"),
}
OPENING = Words(
    "Before it looks at this customer, the model puts {name} at {base}; what it sees of them takes it to {score}.",
    "在考察该客户之前，模型给出的{name}为 {base}；结合客户情况后为 {score}。",
)
MORE = Words("adds {size} to {name}", "使{name}增加 {size}")
LESS = Words("takes {size} off {name}", "使{name}减少 {size}")
HIGHER = Words("adds {size} to {name}", "使{name}上升 {size}")
LOWER = Words("takes {size} off {name}", "使{name}下降 {size}")
STILL = Words("moves {name} by less than {size}", "对{name}的影响不足 {size}")

COLON = Words(": ", "：")
BESIDE = Words(" (typical {typical})", "（一般客户 {typical}）")
LIKE = Words(", like the typical customer", "，与一般客户相同")
AGO = Words("{date}, {days} ago", "{date}，{days}前")
AHEAD = Words("{date}, in {days}", "{date}，{days}后")
TODAY = Words("{date}, today", "{date}，今天")

STOP = Words(".", "。")
TURN = Words("; ", "；")
GROUP = Words("{title} {effect}. {facts}.", "{title}：{effect}。其中，{facts}。")
IN_ALL = Words("{title} {effect} in all.", "{title}：合计{effect}。")
BARE = Words("{title} {effect}.", "{title}：{effect}。")
BETWEEN = Words(". ", "；")


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a fact is made of beside its words and its figures, in one language."""

    colon: str
    beside: str
    like: str
    ago: str
    ahead: str
    today: str


@cache
def pieces_of(language: Language) -> Pieces:
    """Those of a language."""
    return Pieces(*(said(words, language) for words in (COLON, BESIDE, LIKE, AGO, AHEAD, TODAY)))


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures of one score are written: the score and its base, and the shares that lead from one to the
    other, with a sign in a column and spelled out in a sentence."""

    whole: Numerals
    share: Numerals
    spelled: Numerals


def figures_of(score: str, currency: str, language: Language) -> Figures:
    """Those of money in its own digits, those of probabilities in hundredths of a percentage point."""
    if score == "lifetime_value":
        money = money_numerals(currency, language)
        return Figures(money, money, money)
    return Figures(
        percent_numerals(FINE_DIGITS, language),
        point_numerals(FINE_DIGITS, language),
        point_numerals(FINE_DIGITS, language, spelled=True),
    )


@dataclass(frozen=True, slots=True)
class Grammar:
    """The sentences about one score in one language; units are whole printed ones, and what an effect says stands
    before and after its figure."""

    figures: Figures
    opening_form: str
    up: tuple[str, str]
    down: tuple[str, str]
    still: tuple[str, str]
    turn: str
    stop: str
    group_form: str
    in_all_form: str
    bare_form: str
    between: str

    def opening(self, base: int, score: int) -> str:
        """What the model starts from, and where it arrives."""
        whole = self.figures.whole
        return self.opening_form.format(base=whole.told(base), score=whole.told(score))

    def share(self, units: int) -> tuple[str, str]:
        """A contribution as a signed figure, and what it does to the score."""
        share, spelled = self.figures.share, self.figures.spelled
        if not units:
            return share.told(0), self.still[0] + spelled.size(1) + self.still[1]
        number = share.number(units)
        sign, (before, after) = ("+", self.up) if units > 0 else (MINUS, self.down)
        shown = sign + share.prefix + number + share.suffix
        return shown, before + spelled.prefix + number + spelled.suffix + after

    def reason(self, fact: str, effect: str) -> str:
        """A feature's sentence."""
        return fact + self.turn + effect + self.stop

    def group(self, title: str, units: int, effect: str, facts: Sequence[str]) -> str:
        """A group's sentence, and the strongest facts behind it."""
        form = self.group_form if units and facts else self.in_all_form if units else self.bare_form
        return form.format(title=title, effect=effect, facts=self.between.join(facts))


@cache
def grammar_of(score: str, currency: str, language: Language) -> Grammar:
    """The sentences about a score."""
    name = said(SCORES[score], language)
    rise, fall = (MORE, LESS) if score == "lifetime_value" else (HIGHER, LOWER)
    opening, *effects = (said(words, language).replace("{name}", name) for words in (OPENING, rise, fall, STILL))
    up, down, still = (_around_the_figure(effect) for effect in effects)
    forms = (said(words, language) for words in (TURN, STOP, GROUP, IN_ALL, BARE, BETWEEN))
    return Grammar(figures_of(score, currency, language), opening, up, down, still, *forms)


def _around_the_figure(effect: str) -> tuple[str, str]:
    before, _, after = effect.partition("{size}")
    return before, after
