"""Today: whom to see to first, what to do and why."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from serving.engine import Engine
from serving.figures import Language
from serving.ledger.roster import Account
from serving.pages.choice import Choice, Leaf
from serving.pages.frame import Frame
from serving.pages.tone import chance, coin
from serving.playbook.answer import Action
from serving.recommendation import Recommendation
from serving.tiers.ladder import TIERS

TASKS = 20
WARNED = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A customer of the worklist: the most urgent action, how many more there are, and what is at stake (texts)."""

    rank: int
    customer_id: str
    name: str | None
    owner: str | None
    tier: str
    action: Action | None
    due: str | None
    more: int
    value: str
    churn: str
    churn_share: float | None
    stake: str
    days: int


@dataclass(frozen=True, slots=True)
class Warned:
    """A customer of the upper tiers whose churn rose within the quarter (texts)."""

    customer_id: str
    name: str | None
    tier: str
    before: str
    now: str
    value: str


def page(frame: Frame, _: Request) -> Response:
    """The worklist."""
    choice = Choice.of(frame.query)
    total, found = tasks(frame.engine, choice, frame.language)
    if (last := choice.within(total, TASKS)) != choice:
        choice = last
        total, found = tasks(frame.engine, choice, frame.language)
    return frame.page(
        "today.html",
        here="today",
        choice=choice,
        tasks=found,
        warned=warned(frame.engine, choice, frame.language) if choice.page == 1 else [],
        leaf=Leaf.of(choice, TASKS, total, len(found)),
        owners=frame.owners,
        tiers=TIERS,
    )


def tasks(engine: Engine, choice: Choice, language: Language) -> tuple[int, list[Task]]:
    """How many customers the reader's worklist has, and the tasks of the page that is chosen."""
    found = engine.ledger.roster(
        tier=choice.tier, owner=choice.owner, sort="priority", limit=TASKS, offset=choice.offset(TASKS)
    )
    answers = recommended(engine, found.accounts, language)
    shown = [
        _task(rank, account, answers[account.customer_id], language)
        for rank, account in enumerate(found.accounts, start=choice.offset(TASKS) + 1)
        if account.customer_id in answers
    ]
    return found.total, shown


def warned(engine: Engine, choice: Choice, language: Language) -> list[Warned]:
    """The foremost early warnings among the customers whom the reader chose to see."""
    told = {each.customer_id: each for each in (engine.overview.warnings if engine.overview else ())}
    histories = engine.store.histories(list(told))
    owners, names = engine.owners_of(histories), engine.names_of(histories)
    chosen = {
        customer: name
        for customer, owner, name in zip(histories.customer_ids, owners, names, strict=True)
        if choice.owner in (None, owner) and choice.tier in (None, told[customer].tier)
    }
    currency = engine.bundle.currency
    return [
        Warned(
            customer_id=each.customer_id,
            name=chosen[each.customer_id],
            tier=each.tier,
            before=chance(each.churn_before),
            now=chance(each.churn),
            value=coin(each.value, currency, language),
        )
        for each in told.values()
        if each.customer_id in chosen
    ][:WARNED]


def recommended(engine: Engine, accounts: tuple[Account, ...], language: Language) -> dict[str, Recommendation]:
    """What is recommended now for the customers of some accounts, by id."""
    histories = engine.store.histories([account.customer_id for account in accounts])
    answers = engine.recommend(histories, engine.latest_cutoff, engine.plan, language)
    return {answer.customer_id: answer for answer in answers}


def _task(rank: int, account: Account, answer: Recommendation, language: Language) -> Task:
    action = answer.actions[0] if answer.actions else None
    currency = answer.lifetime_value.currency
    return Task(
        rank=rank,
        customer_id=account.customer_id,
        name=account.name,
        owner=account.owner,
        tier=answer.tier.name if answer.tier else account.tier,
        action=action,
        due=_due(answer.cutoff, action),
        more=max(0, len(answer.actions) - 1),
        value=coin(answer.lifetime_value.value, currency, language),
        churn=chance(answer.churn.value),
        churn_share=answer.churn.value,
        stake=coin(action.priority if action else 0.0, currency, language),
        days=answer.lifetime_value.horizon_days,
    )


def _due(cutoff: str, action: Action | None) -> str | None:
    """The local day (ISO) by which the action is to be done."""
    if action is None or action.within_days is None:
        return None
    return str(date.fromisoformat(cutoff[:10]) + timedelta(days=action.within_days))
