"""A small typed client of the service: httpx alone. Copy it, and extend it by what you need of /openapi.json."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

import httpx


class Event(TypedDict):
    """An event of a customer; `time` is ISO 8601 with an offset, `amount` in the book's currency."""

    customer_id: str
    time: str
    type: str
    amount: NotRequired[float]
    order_id: NotRequired[str]


class Refused(Exception):  # noqa: N818
    """What was not answered: the status, why, and the fields at fault with what is wrong with each."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.status: int = problem["status"]
        self.fields = {each["path"]: each["message"] for each in problem.get("errors", ())}
        super().__init__(f"{problem['detail']} {self.fields or ''}".strip())


class Tierwise:
    """`Tierwise("http://127.0.0.1:3000", key="tw_…")`; without a key where keys are off."""

    def __init__(self, url: str, key: str | None = None, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(timeout=30.0)
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {key}"} if key else {}

    def recommend(self, customer_ids: Sequence[str], language: Literal["en", "zh"] = "en") -> list[dict[str, Any]]:
        """Scores, reasons, tier and actions of customers, in their order."""
        customers = [{"customer_id": customer} for customer in customer_ids]
        answer = self._ask("POST", "/v1/recommendations", {"customers": customers, "language": language})
        return list(answer["recommendations"])

    def customer(self, customer_id: str) -> dict[str, Any]:
        """Everything about one customer."""
        return self._ask("GET", f"/v1/customers/{quote(customer_id, safe='')}")

    def accounts(self, **wanted: str | int) -> Iterator[dict[str, Any]]:
        """All accounts (`tier`, `owner`, `search`, `sort`, `order`), page after page."""
        page: str | None = f"/v1/customers?{httpx.QueryParams(wanted)}"
        while page:
            answer = self._ask("GET", page)
            yield from answer["accounts"]
            page = answer["next"]

    def append(self, events: Sequence[Event]) -> int:
        """Appends events, all or none; answers how many were new."""
        return int(self._ask("POST", "/v1/events", {"events": list(events)})["kept"])

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._http.request(method, self._url + path, json=body, headers=self._headers)
        if response.is_error:
            raise Refused(response.json())
        return dict(response.json())
