"""What keeps an answer from being whole: the codes of `degraded`, each with its sentence."""

from dataclasses import dataclass

from features.feature import Words
from serving.figures import Language, said


@dataclass(frozen=True)
class Degraded:
    """A code of the field `degraded` and what it tells the reader."""

    code: str
    sentence: Words


UNKNOWN_CUSTOMER = Degraded(
    "unknown_customer",
    Words(
        "No event of this customer is on record by the cutoff; the scores are the book's averages.",
        "截至该时点没有此客户的任何事件记录；各项分数为全体客户的平均值。",
    ),
)
NO_PURCHASE_YET = Degraded(
    "no_purchase_yet",
    Words(
        "The customer has not bought yet, so there is no churn to predict.",
        "该客户尚未购买，因此没有流失预测。",
    ),
)
NO_PLAN = Degraded(
    "no_plan",
    Words(
        "No tier plan is loaded, so there is no tier; score the whole book once.",
        "尚未加载分级方案，因此没有客户等级；请先对全体客户评分一次。",
    ),
)
OTHER_PLAN = Degraded(
    "other_plan",
    Words(
        "The tier plan was fitted on another model version; score the whole book again.",
        "分级方案基于另一个模型版本；请重新对全体客户评分。",
    ),
)
EXTRAPOLATED_HORIZON = Degraded(
    "extrapolated_horizon",
    Words(
        "The history is too short to learn the whole horizon; its end is extrapolated.",
        "历史数据不足以学习完整的预测期；后段为外推。",
    ),
)
CONVERSION_NOT_LEARNT = Degraded(
    "conversion_not_learnt",
    Words(
        "The conversion event had never happened when the model was trained, so there is no conversion to predict.",
        "模型训练时转化事件从未发生过，因此没有转化预测。",
    ),
)
TRAINED_LATER = Degraded(
    "trained_later",
    Words(
        "The model has learnt from events after this cutoff, so this is no fair forecast.",
        "模型学习过该时点之后的数据，因此这不是公平的预测。",
    ),
)
STALE_MODEL = Degraded(
    "stale_model",
    Words(
        "The model is older than one horizon; train it again and score the book.",
        "模型的训练时点距今已超过一个预测期；请重新训练并评分。",
    ),
)
RECORDS_END_EARLIER = Degraded(
    "records_end_earlier",
    Words(
        "The book's records end before this cutoff; what happened since may be missing.",
        "现有记录在该时点之前结束；其后发生的事情可能缺失。",
    ),
)

REASONS_INEXACT = Degraded(
    "reasons_inexact",
    Words(
        "The reasons miss the score by more than a rounding error; rely on the score, and report the model version.",
        "各项原因之和与分数的差异超出舍入误差；请以分数为准，并反馈模型版本。",
    ),
)

CODES = (
    UNKNOWN_CUSTOMER,
    NO_PURCHASE_YET,
    NO_PLAN,
    OTHER_PLAN,
    EXTRAPOLATED_HORIZON,
    CONVERSION_NOT_LEARNT,
    TRAINED_LATER,
    STALE_MODEL,
    RECORDS_END_EARLIER,
    REASONS_INEXACT,
)


def sentence(code: str, language: Language) -> str:
    """What a code tells the reader."""
    return next((said(degraded.sentence, language) for degraded in CODES if degraded.code == code), code)
