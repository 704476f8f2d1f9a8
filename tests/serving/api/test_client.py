"""The example client of the docs, against the service."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import serving
from serving.engine import Engine
from serving.recommendation import to_json
from serving.schema import RecommendationRequest
from tests.serving.api.conftest import MINE
from tests.serving.api.test_endpoints import write_roster

FILE = Path(serving.__file__).parent.parent / "docs" / "client.py"


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("client_example", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def asking(example: Any, api: Any) -> Any:
    return example.Tierwise("http://localhost:3000/", key="tw_1", http=api)


def test_it_gives_what_python_gives(asking: Any, desk: Engine) -> None:
    request = RecommendationRequest.model_validate({"customers": [{"customer_id": MINE}], "language": "zh"})
    assert to_json(asking.recommend([MINE], "zh")) == to_json([each.to_dict() for each in desk.answer(request)])
    assert asking.customer(MINE)["customer_id"] == MINE


def test_it_walks_over_all_pages(asking: Any, desk: Engine) -> None:
    write_roster(desk, 5)
    seen = [each["customer_id"] for each in asking.accounts(limit=2, sort="customer_id", order="asc")]
    assert seen == ["c001", "c002", "c003", "c004", "c005"]


def test_it_appends_events_and_names_what_is_wrong(asking: Any, example: Any) -> None:
    event = {"customer_id": MINE, "time": "2024-05-19T20:00:00+02:00", "type": "order", "amount": 25.0}
    assert asking.append([event]) == 1
    with pytest.raises(example.Refused) as refused:
        asking.append([event, event | {"type": "ordre"}])
    assert refused.value.status == 422
    assert list(refused.value.fields) == ["events.1.type"]
    assert 'did you mean "order"' in str(refused.value)
