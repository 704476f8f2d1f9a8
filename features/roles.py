"""What the roles of events are called, for people."""

from data.events import ROLES
from features.feature import Words

_WORDS = {
    "purchase": Words("order", "下单"),
    "return": Words("return", "退货"),
    "payment": Words("payment", "付款"),
    "inquiry": Words("inquiry", "询盘"),
    "quote": Words("quote request", "请求报价"),
    "sample": Words("sample", "样品"),
    "visit": Words("visit", "访问"),
    "content": Words("content", "阅读内容"),
    "touch": Words("our contact", "我方触达"),
    "response": Words("response", "响应"),
    "meeting": Words("meeting or call", "会面或通话"),
    "support": Words("support ticket", "售后工单"),
    "survey": Words("survey answer", "调查答复"),
}
ROLE_WORDS: tuple[Words, ...] = tuple(_WORDS[role] for role in ROLES)
