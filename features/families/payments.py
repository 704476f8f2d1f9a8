"""Payments, support and survey answers: how the relationship goes.

The quantity of a payment is the days that it came after it was due, negative if before; the quantity of a
survey answer is its score.
"""

from features.feature import Family, Feature, Words

PAYMENTS = Family(
    "payments",
    Words("Payment, support and satisfaction", "付款、售后与满意度"),
    (
        Feature(
            "payments",
            "payments",
            "count",
            Words("Payments so far", "迄今的付款次数"),
            Words("Many payments", "付款次数多"),
            Words("Few payments", "付款次数少"),
            zero=Words("No payments", "没有付款"),
        ),
        Feature(
            "late_payment_share",
            "payments",
            "share",
            Words("Share of payments that came after they were due", "逾期付款的比例"),
            Words("More than half of the payments came late", "逾期付款过半"),
            Words("Less than half of the payments came late", "逾期付款不足一半"),
            turn=0.5,
            zero=Words("No payment came late", "没有逾期付款"),
        ),
        Feature(
            "mean_days_late",
            "payments",
            "days",
            Words(
                "Payment against the due date, on average; days, negative if early",
                "付款相对到期日，平均（天数，提前为负）",
            ),
            Words("Pays after the due date on average", "平均付款晚于到期日"),
            Words("Pays before the due date on average", "平均付款早于到期日"),
            turn=0.0,
        ),
        Feature(
            "last_days_late",
            "payments",
            "days",
            Words(
                "The last payment against its due date; days, negative if early",
                "最近一次付款相对到期日（天数，提前为负）",
            ),
            Words("The last payment came after its due date", "最近一次付款晚于到期日"),
            Words("The last payment came before its due date", "最近一次付款早于到期日"),
            turn=0.0,
        ),
        Feature(
            "worst_days_late_365d",
            "payments",
            "days",
            Words(
                "The latest payment of the last 365 days against its due date; days, negative if all were early",
                "近365天最迟的付款相对到期日（天数，全部提前为负）",
            ),
            Words("The latest payment of the last 365 days came after its due date", "近365天最迟的付款晚于到期日"),
            Words(
                "Even the latest payment of the last 365 days came before its due date", "近365天最迟的付款也早于到期日"
            ),
            turn=0.0,
        ),
        Feature(
            "support_tickets_91d",
            "payments",
            "count",
            Words("Support tickets in the last 91 days", "近91天的售后工单数"),
            Words("Many support tickets in the last 91 days", "近91天售后工单多"),
            Words("Few support tickets in the last 91 days", "近91天售后工单少"),
            zero=Words("No support tickets in the last 91 days", "近91天没有售后工单"),
        ),
        Feature(
            "support_per_order",
            "payments",
            "ratio",
            Words("Support tickets over orders", "售后工单数与订单数之比"),
            Words("Much support for each order", "每单售后工单多"),
            Words("Little support for each order", "每单售后工单少"),
            zero=Words("Orders without any support ticket", "订单均无售后工单"),
        ),
        Feature(
            "surveys",
            "payments",
            "count",
            Words("Survey answers with a score so far", "迄今带评分的调查答复数"),
            Words("Many survey answers", "调查答复多"),
            Words("Few survey answers", "调查答复少"),
            zero=Words("No survey answers", "没有调查答复"),
        ),
        Feature(
            "last_survey_score",
            "payments",
            "number",
            Words("Score of the last survey answer", "最近一次调查的评分"),
            Words("The last survey score was high", "最近一次调查评分高"),
            Words("The last survey score was low", "最近一次调查评分低"),
        ),
        Feature(
            "mean_survey_score",
            "payments",
            "number",
            Words("Mean score of survey answers", "调查的平均评分"),
            Words("Survey scores are high", "调查评分高"),
            Words("Survey scores are low", "调查评分低"),
        ),
        Feature(
            "last_survey_age_days",
            "payments",
            "days",
            Words("Days since the last survey answer with a score", "距最近一次带评分调查答复的天数"),
            Words("The last survey answer was longer ago than usual", "最近一次调查答复早于一般客户"),
            Words("The last survey answer was less long ago than usual", "最近一次调查答复晚于一般客户"),
        ),
    ),
)
