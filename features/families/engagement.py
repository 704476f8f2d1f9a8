"""Engagement: visits, reading, inquiries, quotes, samples, meetings and support."""

from features.feature import Family, Feature, Words

COUNTED_ROLES = (
    ("visit", "visits", "visits", "访问"),
    ("content", "contents", "contents read or attended", "内容互动"),
    ("inquiry", "inquiries", "inquiries", "询盘"),
    ("quote", "quotes", "quote requests", "报价请求"),
    ("sample", "samples", "samples", "样品"),
    ("meeting", "meetings", "meetings and calls", "会面与通话"),
    ("support", "support_tickets", "support tickets", "售后工单"),
)
AGED_ROLES = (
    ("visit", "visit", "访问"),
    ("inquiry", "inquiry", "询盘"),
    ("quote", "quote request", "报价请求"),
    ("sample", "sample", "样品"),
    ("meeting", "meeting or call", "会面或通话"),
    ("support", "support ticket", "售后工单"),
)
INTERACTION_WINDOWS = (30, 91)
CONTACT_WINDOWS = (30, 91)


def count_of(name: str, en: str, zh: str) -> Feature:
    """How many events of one role there were."""
    return Feature(
        name,
        "engagement",
        "count",
        Words(f"Number of {en} so far", f"迄今的{zh}次数"),
        Words(f"Many {en}", f"{zh}多"),
        Words(f"Few {en}", f"{zh}少"),
        zero=Words(f"No {en}", f"无{zh}"),
    )


def age_of(role: str, en: str, zh: str) -> Feature:
    """How long ago the last event of one role was."""
    return Feature(
        f"last_{role}_age_days",
        "engagement",
        "days",
        Words(f"Days since the last {en}", f"距最近一次{zh}的天数"),
        Words(f"The last {en} was longer ago than usual", f"最近一次{zh}早于一般客户"),
        Words(f"The last {en} was less long ago than usual", f"最近一次{zh}晚于一般客户"),
    )


def interactions_in(days: int) -> Feature:
    """Interactions of the last `days` calendar days."""
    return Feature(
        f"interactions_{days}d",
        "engagement",
        "count",
        Words(
            f"Inquiries, quote requests, samples, visits, contents, responses and meetings in the last {days} days",
            f"近{days}天的询盘、报价、样品、访问、内容、响应与会面次数",
        ),
        Words(f"Active with us in the last {days} days", f"近{days}天互动活跃"),
        Words(f"Little activity with us in the last {days} days", f"近{days}天互动少"),
        zero=Words(f"No activity with us in the last {days} days", f"近{days}天没有互动"),
    )


def active_contacts(days: int) -> Feature:
    """People at the customer who dealt with us in the last `days` calendar days."""
    return Feature(
        f"active_contacts_{days}d",
        "engagement",
        "count",
        Words(
            f"Different contacts (people) at the customer who dealt with us in the last {days} days",
            f"近{days}天与我们互动的不同联系人数",
        ),
        Words(f"Many contacts were active in the last {days} days", f"近{days}天活跃联系人多"),
        Words(f"Few contacts were active in the last {days} days", f"近{days}天活跃联系人少"),
        zero=Words(f"No contacts were active in the last {days} days", f"近{days}天没有活跃联系人"),
    )


ENGAGEMENT = Family(
    "engagement",
    Words("Engagement", "互动参与"),
    (
        *(count_of(name, en, zh) for _, name, en, zh in COUNTED_ROLES),
        *(age_of(role, en, zh) for role, en, zh in AGED_ROLES),
        *(interactions_in(days) for days in INTERACTION_WINDOWS),
        Feature(
            "decayed_interactions_30d",
            "engagement",
            "number",
            Words(
                "Interactions of the last weeks, recent ones counting more; each fades by half every 30 days",
                "近几周互动次数，越近权重越高（每30天减半）",
            ),
            Words("Very active with us of late, recent activity counting more", "近几周互动活跃，越近权重越高"),
            Words("Little active with us of late, recent activity counting more", "近几周互动较少，越近权重越高"),
            zero=Words("Next to no activity with us of late", "近几周几乎没有互动"),
        ),
        Feature(
            "intents_since_last_order",
            "engagement",
            "count",
            Words(
                "Inquiries, quote requests and samples since the last order",
                "上次下单以来的询盘、报价与样品次数",
            ),
            Words("Much buying interest since the last order", "上次下单后采购意向多"),
            Words("Little buying interest since the last order", "上次下单后采购意向少"),
            zero=Words("No buying interest since the last order", "上次下单后没有采购意向"),
        ),
        Feature(
            "engagement_depth_30d",
            "engagement",
            "number",
            Words(
                "Interactions of the last weeks by depth, recent ones counting more; each fades by half every 30 days "
                "from visit 1, content 2, response 3, meeting 5, inquiry 6, quote request or sample 8",
                "近几周按深度计的互动得分，越近权重越高（每30天减半；访问1、内容2、响应3、会面5、询盘6、报价或样品8）",
            ),
            Words("Deep interactions of the last weeks, recent ones counting more", "近几周互动程度深，越近权重越高"),
            Words(
                "Few or shallow interactions of the last weeks, recent ones counting more",
                "近几周互动少或程度浅，越近权重越高",
            ),
            zero=Words("Next to no interactions of any depth of late", "近几周几乎没有任何程度的互动"),
        ),
        Feature(
            "content_topics",
            "engagement",
            "count",
            Words("Distinct topics (categories) of contents read or attended", "内容互动涉及的主题（类别）数"),
            Words("Reads on many topics", "内容主题广"),
            Words("Reads on few topics", "内容主题少"),
            zero=Words("Reads on no topic", "没有内容主题"),
        ),
        Feature(
            "interaction_channels",
            "engagement",
            "count",
            Words("Distinct channels of interactions so far", "迄今互动用过的渠道数"),
            Words("Deals with us through many channels", "互动渠道多"),
            Words("Deals with us through few channels", "互动渠道少"),
            zero=Words("Deals with us through no channel", "没有互动渠道"),
        ),
        Feature(
            "interaction_channels_91d",
            "engagement",
            "count",
            Words("Distinct channels of interactions in the last 91 days", "近91天互动的渠道数"),
            Words("Many channels were active in the last 91 days", "近91天活跃渠道多"),
            Words("Few channels were active in the last 91 days", "近91天活跃渠道少"),
            zero=Words("No channels were active in the last 91 days", "近91天没有活跃渠道"),
        ),
        Feature(
            "contacts_seen",
            "engagement",
            "count",
            Words(
                "Different contacts (people) at the customer who dealt with us so far", "迄今与我们互动过的不同联系人数"
            ),
            Words("Many contacts have dealt with us so far", "迄今互动过的联系人多"),
            Words("Few contacts have dealt with us so far", "迄今互动过的联系人少"),
            zero=Words("No contact has dealt with us by name so far", "迄今没有具名联系人与我们互动"),
        ),
        *(active_contacts(days) for days in CONTACT_WINDOWS),
    ),
)
