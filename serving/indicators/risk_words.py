"""What the risk scan says of one customer, in both languages. It tells what was seen and what may be, never a cause."""

import math
from collections.abc import Iterator

from features.feature import Words
from serving.figures import said
from serving.indicators.answer import LEVELS, UNKNOWN, Evidence, Level, Risk
from serving.indicators.risks import Scan, fewest_orders
from serving.indicators.signs import CHANGE, COMPETITIVE, SIGNS, WEAKNESS
from serving.numerals import Language
from serving.reasons.account import Accountant
from serving.reasons.facts import Teller
from serving.reasons.shelf import shelf_of

TITLES: dict[str, Words] = {
    COMPETITIVE: Words("Competitive threat", "竞争威胁"),
    CHANGE: Words("Business change", "业务变化"),
    WEAKNESS: Words("Relationship weakness", "关系薄弱"),
}
NAMES: dict[Level, Words] = {
    "none": Words("none", "无"),
    "watch": Words("watch", "关注"),
    "alert": Words("alert", "预警"),
    "unknown": Words("cannot be told", "无法判断"),
}
FOUND: dict[str, Words] = {
    COMPETITIVE: Words(
        "Deals with us as before while orders lag behind; they may be going elsewhere.",
        "往来如常而订单落后；订单可能正在流向别处。",
    ),
    CHANGE: Words(
        "Orders depart from the customer's own habit; their business may be changing.",
        "订单偏离客户自身习惯；其业务可能正在变化。",
    ),
    WEAKNESS: Words(
        "The relationship has several weak points; it may not hold by itself.",
        "合作关系有多处薄弱；可能难以自行维持。",
    ),
}
NOT_FOUND = Words("No sign of it.", "未见迹象。")
NO_ORDER = Words("Cannot be told: no order yet.", "无法判断：尚未下单。")
FEW_ORDERS = Words("Cannot be told: fewer than {count} orders.", "无法判断：订单不足 {count} 单。")
LONG_AGO = Words(
    "Cannot be told: no order for more than {count} days, so nothing recent to judge by.",
    "无法判断：超过 {count} 天未下单，近期无可比数据。",
)
LACKING = Words(
    "Cannot be told: too little of what the rule looks at is on record.", "无法判断：该规则所需的记录不足。"
)


def tell_risk(rule: str, scan: Scan, row: int, accountant: Accountant) -> Risk:
    """What a rule says of the customer in row `row`."""
    number = float(scan.levels[rule][row])
    level = UNKNOWN if math.isnan(number) else LEVELS[int(number)]
    found = level in ("watch", "alert")
    return Risk(
        name=rule,
        title=said(TITLES[rule], accountant.language),
        level=level,
        text=_text(rule, level, scan, row, accountant.language),
        evidence=tuple(_evidence(rule, scan, row, accountant)) if found else (),
    )


def _text(rule: str, level: Level, scan: Scan, row: int, language: Language) -> str:
    if level == UNKNOWN:
        return _why_unknown(rule, scan, row, language)
    return said(NOT_FOUND if level == "none" else FOUND[rule], language)


def _why_unknown(rule: str, scan: Scan, row: int, language: Language) -> str:
    seen, settings = scan.seen, scan.seen.yardstick.settings.risks
    orders, fewest = seen["orders"][row], fewest_orders(seen.yardstick, rule)
    if orders < 1:
        return said(NO_ORDER, language)
    if orders < fewest:
        return said(FEW_ORDERS, language).format(count=fewest)
    if seen["last_order_age_days"][row] > settings.longest_silence:
        return said(LONG_AGO, language).format(count=settings.longest_silence)
    return said(LACKING, language)


def _evidence(rule: str, scan: Scan, row: int, accountant: Accountant) -> Iterator[Evidence]:
    """The facts behind the signs that show, each once."""
    seen = scan.seen
    for name in dict.fromkeys(_features(rule, scan, row)):
        value = float(seen[name][row])
        if not math.isnan(value):
            yield Evidence(name, value, _teller(name, scan, accountant).fact(value, accountant.moment))


def _features(rule: str, scan: Scan, row: int) -> Iterator[str]:
    if rule == COMPETITIVE:
        yield "intents_since_last_order" if scan.seen["intents_since_last_order"][row] > 0 else "interactions_91d"
    for sign, shows in zip(SIGNS, scan.shown[:, row].tolist(), strict=True):
        if shows and sign.rule == rule:
            yield from sign.evidence


def _teller(name: str, scan: Scan, accountant: Accountant) -> Teller:
    column = scan.seen.yardstick.places[name]
    return shelf_of(accountant.bundle, accountant.language).teller(column, accountant.level_names)
