"""`POST /v1/recommendations`: recommendations that are kept before they are answered."""

import time

from serving.api.owned import require_unowned_by_others
from serving.engine import Engine
from serving.recommendation import Recommendation, json_bytes
from serving.schema import RecommendationRequest


def recommended(engine: Engine, request: RecommendationRequest) -> tuple[list[Recommendation], bytes]:
    """One recommendation per customer of the request, in its order, and all of them as the body of the answer. Each is
    kept in the ledger, with the clock of this machine as the moment of recording, before anybody is told; of who was
    forgotten nothing is kept.

    Refused (403) for customers of somebody else; RequestError names every fault.
    """
    require_unowned_by_others(
        engine,
        {f"customers.{place}.customer_id": customer.customer_id for place, customer in enumerate(request.customers)},
    )
    answers = engine.answer(request)
    texts = [json_bytes(answer.to_dict()) for answer in answers]
    forgotten = engine.store.tombstones.among([answer.customer_id for answer in answers])
    kept = [(each, text) for each, text in zip(answers, texts, strict=True) if each.customer_id not in forgotten]
    language = request.language or engine.book.language
    engine.ledger.keep([each for each, _ in kept], language, time.time_ns() // 1_000, [text for _, text in kept])
    return answers, b'{"recommendations":[' + b",".join(texts) + b"]}"
