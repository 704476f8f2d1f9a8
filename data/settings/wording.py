"""What pydantic found wrong in a book, in words: the file, the line, the key, what was expected, what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from data.errors import did_you_mean, listed
from data.settings.declared import NAMES, Declared
from data.settings.toml_lines import place_of

_SHOWN = 8


def explain(error: ValidationError, files: Sequence[Path]) -> str:
    """One line per problem (the first eight), with the file and line of the key.

    `files` are the book's and then those it extends: the first that has the key is meant.
    """
    problems = _causes(error.errors(include_url=False))
    texts = [file.read_text(encoding="utf-8-sig") for file in files]
    return "\n".join(_placed(_line(problem), files, texts) for problem in problems[:_SHOWN])


def _placed(said: str, files: Sequence[Path], texts: Sequence[str]) -> str:
    found = place_of(texts, _path(said))
    return f"{files[0]}: {said}" if found is None else f"{files[found[0]]}: line {found[1]}: {said}"


def _path(said: str) -> tuple[str | int, ...]:
    """The key at the beginning of what is said: `sources[0].columns` as its parts."""
    key = re.match(r"[\w-]+(\[\d+\])*(\.[\w-]+(\[\d+\])*)*(?=: )", said)
    parts = re.findall(r"[\w-]+|\[\d+\]", key[0]) if key else []
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in parts)


def _causes(problems: Sequence[Any]) -> list[Any]:
    """Without the lists that are too short only because their entries are wrong."""
    places = [problem["loc"] for problem in problems]

    def follows(problem: Any) -> bool:
        own = problem["loc"]
        return problem["type"] == "too_short" and any(own == loc[: len(own)] for loc in places if len(loc) > len(own))

    return [problem for problem in problems if not follows(problem)]


def _line(problem: Any) -> str:
    key = _key(problem["loc"])
    return f"{key}: {_said(problem)}" if key else _said(problem)


def _key(loc: tuple[int | str, ...]) -> str:
    """`sources[0].columns.time`, without the names that pydantic gives to the members of a union."""
    key = ""
    for part in loc:
        if isinstance(part, int):
            key += f"[{part}]"
        elif re.fullmatch(r"\w[\w-]*", part) and part not in _UNION_PARTS:
            key += f".{part}" if key else part
    return key


WORDED = {
    "too_short": "expected at least {min_length}",
    "too_long": "expected at most {max_length}",
    "string_too_short": "expected a text that is not empty",
    "string_too_long": "expected at most {max_length} characters",
    "model_type": "expected a table",
    "dict_type": "expected a table",
}
_UNION_PARTS = ("str", "int", "float", "Delay")


def _said(problem: Any) -> str:
    kind, got = problem["type"], problem["input"]
    context = problem.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(problem['loc'][-1]), _all_keys())}"
    if kind == "literal_error":
        expected = re.findall(r"'([^']*)'", context["expected"])
        return f'expected one of {listed(expected)}, got "{got}"{did_you_mean(str(got), expected)}'
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return "this key is missing"
    return f"{_expectation(problem)}, got {_shown(got)}"


def _expectation(problem: Any) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "string_pattern_mismatch":
        return NAMES[context["pattern"]]
    if problem["type"] in WORDED:
        return WORDED[problem["type"]].format(**context)
    return re.sub(r"^Input should be (a )?(valid )?", "expected ", problem["msg"]).replace("tuple", "list")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _all_keys() -> set[str]:
    """Every key that any table of a book may have."""
    return {name for model in _subclasses(Declared) for name in model.model_fields} - {"directory"}


def _subclasses(model: type[BaseModel]) -> set[type[BaseModel]]:
    return {model}.union(*(_subclasses(child) for child in model.__subclasses__()))
