"""One part of a scoring: the task that every engine does."""

from dataclasses import dataclass
from typing import Any

from data.histories.histories import Histories
from serving.batch.chunk import Chunk
from serving.batch.job import Job, Part
from serving.batch.opened import EngineAt
from serving.batch.quarantine import one_by_one
from serving.batch.rows import row, text_of
from serving.degraded import UNKNOWN_CUSTOMER
from serving.figures import Language
from serving.ledger.kept import columns_of, id_of, is_typical
from serving.plan import Plan
from serving.recommendation import Recommendation


@dataclass(frozen=True)
class Scoring:
    """Answers for the customers of a chunk, and finishes its part of the job; the ledger is not touched."""

    engine: EngineAt
    plan: Plan
    cutoff: int
    language: Language
    job: Job

    def __call__(self, chunk: Chunk) -> int:
        """The number of customers, those included who could not be answered."""
        engine = self.engine.opened()
        histories = chunk.histories(engine.store)

        def recommended(some: Histories) -> list[Recommendation]:
            return engine.recommend(some, self.cutoff, self.plan, self.language, chunk.decisions)

        tried = list(one_by_one(recommended, histories))
        answers = [answer for done, _ in tried for answer in done or ()]
        rows = [row(answer) for answer in answers]
        ids = [id_of(text_of(each).encode()) for each in rows]
        called = zip(engine.names_of(histories), engine.owners_of(histories), strict=True)
        people = dict(zip(histories.customer_ids, called, strict=True))
        accounts = [
            _account(answer, id_, *people[answer.customer_id]) for answer, id_ in zip(answers, ids, strict=True)
        ]
        kept = [{**columns_of(answer), "typical": is_typical(answer)} for answer in answers]
        self.job.finish(chunk.number, Part(rows, accounts, kept, [said for _, said in tried if said]))
        return len(histories)


def _account(answer: Recommendation, id_: str, name: str | None, owner: str | None) -> dict[str, Any] | None:
    """The account of who is on record by the cutoff, and whether a memory holds the tier."""
    if UNKNOWN_CUSTOMER.code in answer.degraded:
        return None
    assert answer.tier
    return {
        "customer_id": answer.customer_id,
        "name": name,
        "owner": owner,
        "tier": answer.tier.name,
        "lifetime_value": answer.lifetime_value.value,
        "conversion": answer.conversion.value,
        "churn": answer.churn.value,
        "priority": max((action.priority for action in answer.actions), default=0.0),
        "recommendation": id_,
        "held": answer.tier.held,
    }
