"""Next steps of one customer of a book, for the terminal."""

from collections.abc import Iterator

from data.clock import local_date
from features.feature import Words
from serving.degraded import sentence
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.figures import Language, said
from serving.next_steps.answer import NextSteps
from serving.next_steps.find import next_steps
from serving.next_steps.practice import practice_of
from serving.terminal import CUSTOMER

NO_GOAL = Words(
    "There is nothing to reach: without a tier plan a customer needs a churn, and a level by --churn-below.",
    "没有可设定的目标：没有分级方案时，需要有流失预测，并以 --churn-below 指定水平。",
)


def answer(
    engine: Engine, customer: str, cutoff: str | None, churn_below: float | None, language: Language
) -> NextSteps:
    """The next steps of a stored customer. RequestError for one who is unknown, and for a level that is none."""
    moment = engine.cutoff(cutoff)
    if churn_below is not None and not 0 < churn_below < 1:
        raise RequestError(
            Fault("churn_below", f"expected a probability between 0 and 1 such as 0.3, got {churn_below}")
        )
    history = engine.store.histories([customer]).known_by(moment)
    if not history.events:
        day = local_date(moment, engine.book.time_zone)
        raise RequestError(
            Fault(
                "customer",
                f'no event of "{customer}" is known by {day}; name a customer of the book, or a later cutoff',
            )
        )
    practice = practice_of(engine.store.each(), moment, engine.book)
    return next_steps(
        history,
        moment,
        engine.bundle,
        engine.plan,
        engine.book,
        practice,
        churn_below=churn_below,
        playbook=engine.playbook,
        language=language,
    )


def lines(found: NextSteps, language: Language) -> Iterator[str]:
    """The next steps line by line."""
    yield said(CUSTOMER, language).format(id=found.customer_id, cutoff=found.cutoff[:16].replace("T", " "))
    for way in found.ways:
        yield ""
        yield way.text
        yield from (f"  - {step.text}" for step in way.steps)
        if way.nearest:
            yield f"  {way.nearest.text}"
    if not found.ways:
        yield said(NO_GOAL, language)
    yield ""
    yield found.note
    yield from (sentence(code, language) for code in found.degraded)
