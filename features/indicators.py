"""The fourteen indicators of customer tiering in foreign trade, and where the features hold them."""

from dataclasses import dataclass

from features.feature import Words

TRANSACTIONAL = Words("Transactional value", "交易价值")
POTENTIAL = Words("Potential value", "客户潜力")
RELATIONSHIP = Words("Relationship value", "合作关系")
PREDICTED = Words("predicted: the lifetime value of the answer", "由模型预测：回答中的客户终身价值")
OWN_COLUMN = Words("a profile column of the book, rated or looked up by people", "账套的客户档案列，由人评定或查得")


@dataclass(frozen=True)
class Indicator:
    """One indicator: its dimension, its features, and what else tells it (None: nothing else)."""

    dimension: Words
    name: Words
    features: tuple[str, ...] = ()
    beside: Words | None = None


INDICATORS = (
    Indicator(TRANSACTIONAL, Words("total purchase amount", "累计采购额"), ("spend", "net_spend")),
    Indicator(TRANSACTIONAL, Words("purchase frequency", "采购频率"), ("orders_365d", "orders_per_month")),
    Indicator(TRANSACTIONAL, Words("average order value", "平均订单金额"), ("average_order_value",)),
    Indicator(TRANSACTIONAL, Words("lifetime value", "客户终身价值"), beside=PREDICTED),
    Indicator(TRANSACTIONAL, Words("recency", "最近一次采购"), ("last_order_age_days",)),
    Indicator(POTENTIAL, Words("industry outlook", "行业前景"), beside=OWN_COLUMN),
    Indicator(POTENTIAL, Words("company size and stage", "企业规模与阶段"), beside=OWN_COLUMN),
    Indicator(
        POTENTIAL,
        Words("inquiry quality and demand fit", "询盘质量与需求匹配度"),
        ("inquiries", "inquiries_quoted_share", "quotes_won_share", "samples_won_share"),
        OWN_COLUMN,
    ),
    Indicator(
        POTENTIAL,
        Words("decision chain and contact with key people", "决策链与关键人接触"),
        ("contacts_seen", "active_contacts_91d", "meetings"),
        OWN_COLUMN,
    ),
    Indicator(RELATIONSHIP, Words("years of cooperation", "合作年限"), ("tenure_days", "buying_years")),
    Indicator(
        RELATIONSHIP,
        Words("loyalty (continuous repurchase)", "忠诚度（持续复购）"),
        ("buying_streak_91d", "buying_period_share"),
    ),
    Indicator(
        RELATIONSHIP,
        Words("payment credit", "付款信用"),
        ("late_payment_share", "mean_days_late", "worst_days_late_365d"),
    ),
    Indicator(RELATIONSHIP, Words("referral willingness", "推荐意愿"), ("last_survey_score", "mean_survey_score")),
    Indicator(RELATIONSHIP, Words("cultural fit and communication cost", "文化契合与沟通成本"), beside=OWN_COLUMN),
)


def rows() -> list[str]:
    """The indicators as Markdown lines: a heading and a table."""
    return [
        "## The fourteen indicators · 十四项指标",
        "",
        "| dimension | 维度 | indicator | 指标 | features |",
        "|---|---|---|---|---|",
        *(_row(indicator) for indicator in INDICATORS),
        "",
    ]


def _row(indicator: Indicator) -> str:
    told = [", ".join(f"`{name}`" for name in indicator.features)]
    told += [f"{indicator.beside.en}（{indicator.beside.zh}）"] if indicator.beside else []
    dimension, name = indicator.dimension, indicator.name
    return f"| {dimension.en} | {dimension.zh} | {name.en} | {name.zh} | {'; '.join(filter(None, told))} |"
