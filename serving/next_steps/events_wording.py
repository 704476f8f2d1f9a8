"""Assumed events in words: what we do follows, what is the customer's own doing they do."""

from itertools import groupby

from data.settings.next_step import NextStep
from features.feature import Words
from serving.figures import Language, said, span
from serving.next_steps.candidates import OURS, Act, Candidate
from training.bundle import Bundle

OF_ROLE: dict[str, tuple[Words, Words]] = {
    "touch": (Words("a contact from us", "一次我方联系"), Words("{count} contacts from us", "{count} 次我方联系")),
    "meeting": (Words("a meeting", "一次会面"), Words("{count} meetings", "{count} 次会面")),
    "response": (Words("responded", "作出一次回应"), Words("responded {count} times", "作出 {count} 次回应")),
    "visit": (
        Words("visited the website", "访问一次网站"),
        Words("visited the website {count} times", "访问 {count} 次网站"),
    ),
    "content": (
        Words("made a download or joined a webinar", "下载一次资料或参加一次线上研讨会"),
        Words("made {count} downloads or joined as many webinars", "下载资料或参加线上研讨会共 {count} 次"),
    ),
    "inquiry": (Words("sent an inquiry", "发来一次询盘"), Words("sent {count} inquiries", "发来 {count} 次询盘")),
    "quote": (
        Words("asked for a quote", "提出一次报价请求"),
        Words("asked for {count} quotes", "提出 {count} 次报价请求"),
    ),
    "sample": (Words("asked for a sample", "索取一次样品"), Words("asked for {count} samples", "索取 {count} 次样品")),
    "purchase": (Words("placed an order", "下单一笔"), Words("placed {count} orders", "下单 {count} 笔")),
    "survey": (Words("answered a survey", "填写一份问卷"), Words("answered {count} surveys", "填写 {count} 份问卷")),
}
"""One and several, where the book has no words of its own for a type: nouns of OURS, else what the customer did."""

FOLLOWED = Words("{what} followed", "有{what}")
THEY = Words("they {what}", "客户{what}")
AND = Words(" and ", "和")
AND_DID = Words(" and ", "并")
AND_ALSO = Words(" and ", "，且")
TIMES = Words(" ({count} times)", "（共 {count} 次）")
NAMED = Words(" ({type})", "（{type}）")
ABOUT = Words(" of about {amount}", "（约 {amount}）")
ABOUT_EACH = Words(" of about {amount} each", "（每次约 {amount}）")
AS_USUAL = Words(" (carrying on as usual)", "，即保持现有节奏")
FEWER = Words(" (fewer than usual)", "，次数少于平时")
LARGER = Words(" (as many as usual, but larger)", "，次数如常但金额更大")
FEWER_LARGER = Words(" (fewer than usual, but larger)", "，次数少于平时但金额更大")


def happening(candidate: Candidate, bundle: Bundle, language: Language) -> str:
    """`a call followed and they placed 2 orders of about EUR 1,250 each`."""
    clauses = []
    for did, acts in groupby(candidate.acts, key=lambda each: _is_done_by_them(each[0])):
        told = [_spaced(_act(act, times, bundle, language), language) for act, times in acts]
        what = said(AND_DID if did else AND, language).join(told) + said(_pace(candidate), language)
        clauses.append(said(THEY if did else FOLLOWED, language).format(what=what))
    return said(AND_ALSO, language).join(clauses)


def _is_done_by_them(act: Act) -> bool:
    """Whether it is told as what the customer did; the words of a book are nouns for all of its events."""
    return act.step.words is None and act.role not in OURS


def _spaced(text: str, language: Language) -> str:
    return f" {text}" if language == "zh" and text[0].isdigit() else text


def _pace(candidate: Candidate) -> Words:
    """How orders alone stand to those that the customer makes anyway."""
    (act, times), *others = candidate.acts
    if others or times > act.usual:
        return Words("", "")
    if times == act.usual:
        return LARGER if act.larger else AS_USUAL
    return FEWER_LARGER if act.larger else FEWER


def _act(act: Act, times: int, bundle: Bundle, language: Language) -> str:
    named = _name(act, times, language)
    if act.role != "purchase" or act.minor is None:
        return named
    money_of_one = act.minor / 10.0**bundle.spec.minor_digits
    amount, _ = span(money_of_one, money_of_one, bundle.currency, language)
    return named + said(ABOUT if times == 1 else ABOUT_EACH, language).format(amount=amount)


def _name(act: Act, times: int, language: Language) -> str:
    one, several = _words(act.step, act.role)
    if times == 1:
        return said(one, language)
    if several is not None:
        return said(several, language).format(count=times)
    return said(one, language) + said(TIMES, language).format(count=times)


def _words(step: NextStep, role: str) -> tuple[Words, Words | None]:
    """One and several: in the book's words, else in those of the role, with the type where it says more."""
    if step.words is not None:
        several = step.several
        return Words(step.words.en, step.words.zh), Words(several.en, several.zh) if several else None
    one, many = OF_ROLE[role]
    if role in ("purchase", step.type):
        return one, many
    return _with_type(one, step.type), _with_type(many, step.type)


def _with_type(words: Words, type_: str) -> Words:
    shown = type_.replace("{", "{{").replace("}", "}}")
    return Words(words.en + NAMED.en.format(type=shown), words.zh + NAMED.zh.format(type=shown))
