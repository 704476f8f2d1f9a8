"""What is said of each kind of fault that pydantic finds in a request: never the value that was given."""

import re
from typing import Any

from data.handover import AS_SOURCES_GIVE_IT, NO_NUL, WITHOUT_NUL

UNKNOWN_FIELD = "unknown field"
OTHERWISE = "is not what is expected here; /openapi.json says what is"

SENTENCES: tuple[tuple[str, str], ...] = (
    ("missing", "is missing"),
    ("missing_argument", "is missing"),
    ("missing_keyword_only_argument", "is missing"),
    ("extra_forbidden", UNKNOWN_FIELD),
    ("unexpected_keyword_argument", UNKNOWN_FIELD),
    ("string_type", "expected a text"),
    ("string_unicode", "expected a text in UTF-8"),
    ("string_too_short", "expected {bound} or more characters"),
    ("string_too_long", "expected {bound} or fewer characters"),
    ("bool_type", "expected true or false"),
    ("bool_parsing", "expected true or false"),
    ("int_type", "expected a whole number"),
    ("int_parsing", "expected a whole number"),
    ("int_from_float", "expected a whole number"),
    ("float_type", "expected a number"),
    ("float_parsing", "expected a number"),
    ("finite_number", "expected a finite number"),
    ("greater_than_equal", "expected {bound} or more"),
    ("less_than_equal", "expected {bound} or less"),
    ("literal_error", "expected {choices}"),
    ("datetime_type", "expected a time as text, such as 2024-05-19T08:30:00+02:00"),
    ("datetime_parsing", "expected a time such as 2024-05-19T08:30:00+02:00"),
    ("datetime_from_date_parsing", "expected a time such as 2024-05-19T08:30:00+02:00"),
    ("datetime_object_invalid", "expected a time such as 2024-05-19T08:30:00+02:00"),
    ("timezone_aware", "lacks its offset from UTC, such as +02:00 or Z"),
    ("list_type", "expected a list"),
    ("too_short", "expected {bound} or more in the list"),
    ("too_long", "expected {bound} or fewer; ask in several requests"),
    ("dict_type", "expected an object"),
    ("model_type", "expected an object"),
    ("model_attributes_type", "expected an object"),
    ("dataclass_type", "expected an object"),
    ("json_invalid", "cannot be read as JSON at {place}"),
    ("json_type", "expected JSON"),
)
"""By the type of pydantic's error. A bound, choices and a place are those of its message: they are the schema's, or
say where the body breaks off."""

PATTERNS: tuple[tuple[str, str], ...] = (
    (AS_SOURCES_GIVE_IT, "begins or ends with a blank, or holds a NUL character; leave them out"),
    (WITHOUT_NUL, "holds a NUL character; leave it out"),
    (NO_NUL, "holds a NUL character; leave it out"),
    ("^[0-9a-f]{32}$", "expected 32 hex digits, of 0-9 and a-f"),
)

_BOUND = re.compile(r"-?\d+(?:\.\d+)?")
_PLACE = re.compile(r"line \d+ column \d+")
_OWN = "Value error, "
_CHOICES = "Input should be "


def sentence_of(error: Any) -> str:
    """What is said of one error object of pydantic."""
    kind, message = error["type"], str(error["msg"])
    if kind == "value_error":
        return message.removeprefix(_OWN)  # a validator's words are ours
    if kind == "string_pattern_mismatch":
        return next((said for pattern, said in PATTERNS if f"'{pattern}'" in message), OTHERWISE)
    said = dict(SENTENCES).get(kind, OTHERWISE)
    return said.format(bound=_bound(message), choices=message.removeprefix(_CHOICES), place=_place(message))


def _bound(message: str) -> str:
    found = _BOUND.search(message)
    return f"{float(found[0]):,.15g}" if found else "?"


def _place(message: str) -> str:
    found = _PLACE.search(message)
    return found[0] if found else "its start"
