"""What to do for a customer of a tier: the playbook, and retention before everything else."""

from dataclasses import dataclass

from features.feature import Words
from serving.figures import Language, percent, said
from serving.recommendation import Action, Chance


@dataclass(frozen=True)
class Task:
    """A row of the playbook. The content is the field's; every number of days is (ours)."""

    name: str
    owner: str
    within_days: int
    words: Words
    for_buyers_only: bool = False


RETENTION = Task(
    "urgent_retention",
    "account_manager",
    2,
    Words(
        "Urgent retention: {chance} likely to buy nothing in the next {days} days; talk to the customer now.",
        "紧急挽留：未来 {days} 天内有 {chance} 的可能不再购买，请立即与客户沟通。",
    ),
)
FIRST_ORDER = Task(
    "win_first_order",
    "account_manager",
    7,
    Words(
        "Win the first order: ask what the customer needs and answer with a quote or a sample.",
        "争取首单：了解客户需求，并以报价或样品跟进。",
    ),
)

OWNERS: dict[str, Words] = {
    "account_manager": Words("account manager", "客户经理"),
    "sales_director": Words("sales director", "销售总监"),
    "marketing": Words("marketing", "市场部"),
    "product_team": Words("product team", "产品团队"),
    "automatic": Words("automatic", "系统自动"),
}

PLAYBOOK: dict[str, tuple[Task, ...]] = {
    "diamond": (
        Task(
            "vip_contact",
            "account_manager",
            7,
            Words(
                "One-to-one contact through the VIP channel, led by the most senior owner.",
                "由最资深的负责人通过 VIP 通道一对一服务。",
            ),
        ),
        Task(
            "long_term_agreement",
            "account_manager",
            30,
            Words(
                "Work out a custom solution and propose a long-term agreement.",
                "制定专属方案，商谈长期合作协议。",
            ),
        ),
        Task(
            "early_access",
            "product_team",
            60,
            Words("Offer early access to new products and co-development.", "邀请抢先体验新品并参与联合开发。"),
        ),
        Task(
            "executive_visit",
            "sales_director",
            91,
            Words("Hold the quarterly executive visit.", "安排每季度一次的高层拜访。"),
        ),
    ),
    "gold": (
        Task(
            "follow_up",
            "account_manager",
            14,
            Words("Follow up more often, by phone or video.", "提高有效跟进频率，以电话或视频沟通。"),
        ),
        Task(
            "share_cases",
            "account_manager",
            30,
            Words("Send an industry white paper and fitting customer cases.", "发送行业白皮书和相关客户案例。"),
        ),
        Task(
            "invite_webinar",
            "marketing",
            45,
            Words("Invite to a webinar or a technical exchange.", "邀请参加线上研讨会或技术交流。"),
        ),
        Task(
            "map_organisation",
            "account_manager",
            60,
            Words(
                "Map the customer's organisation: who decides, who influences, who uses.",
                "梳理客户组织架构：决策人、影响人、使用人。",
            ),
        ),
    ),
    "silver": (
        Task(
            "regular_contact",
            "automatic",
            30,
            Words("Keep in touch automatically, monthly or quarterly.", "按月或按季度自动化联系。"),
        ),
        Task(
            "cross_sell",
            "marketing",
            60,
            Words("Cross-sell to raise the order value.", "交叉销售，提升客单价。"),
        ),
        Task(
            "community",
            "automatic",
            91,
            Words("Invite to the community and the points programme.", "邀请加入客户社群和积分计划。"),
        ),
    ),
    "bronze": (
        Task(
            "activation_offer",
            "automatic",
            30,
            Words(
                "Send an automatic activation with one clear offer; shelve after 3 tries without an answer.",
                "发送一次优惠明确的自动激活；连续 3 次无回应则转入冷藏库。",
            ),
        ),
        Task(
            "ask_why",
            "automatic",
            60,
            Words("If they stopped buying, ask why.", "若客户停止采购，询问原因。"),
            for_buyers_only=True,
        ),
        Task(
            "self_service",
            "automatic",
            91,
            Words(
                "Point to self-service; the basic service stays as it is.",
                "引导使用自助服务；基础服务标准不变。",
            ),
        ),
    ),
}

URGENT_CHURN: dict[str, float] = {"diamond": 0.25, "gold": 0.35, "silver": 0.5}
"""(ours) From this churn on a customer of the tier is called before anything else; bronze is left to
automatic activation, so that people's time goes where value is."""


def actions(tier: str | None, churn: Chance, language: Language) -> tuple[Action, ...]:
    """The tasks for a customer of this tier, the most urgent first; none without a tier.

    A customer whose churn is null has never bought.
    """
    if tier is None:
        return ()
    buyer = churn.value is not None
    tasks = tuple(task for task in PLAYBOOK[tier] if buyer or not task.for_buyers_only)
    if not buyer:
        tasks = (FIRST_ORDER, *tasks)
    elif is_urgent(tier, churn):
        tasks = (RETENTION, *tasks)
    return tuple(_action(task, churn, language) for task in tasks)


def is_urgent(tier: str, churn: Chance) -> bool:
    """Whether the customer is worth a call today, before they stop buying."""
    return churn.value is not None and churn.value >= URGENT_CHURN.get(tier, float("inf"))


def _action(task: Task, churn: Chance, language: Language) -> Action:
    chance = "" if churn.value is None else percent(churn.value)
    text = said(task.words, language).format(chance=chance, days=churn.horizon_days)
    return Action(task.name, task.owner, task.within_days, text)
