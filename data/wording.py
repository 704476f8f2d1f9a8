"""What pydantic found wrong in a book, in words: the file, the key, what was expected, what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from data.declared import Declared
from data.errors import did_you_mean, listed

_SHOWN = 8


def explain(error: ValidationError, file: Path) -> str:
    """One line per problem (the first eight)."""
    problems = _causes(error.errors(include_url=False))
    return "\n".join(f"{file}: {_placed(_line(problem), file)}" for problem in problems[:_SHOWN])


def _placed(said: str, file: Path) -> str:
    """The line of the file is named too for a signal: only there do rows look all alike."""
    row = re.match(r"signals\[(\d+)\](?:\.(\w+))?", said)
    line = _line_in(file, int(row[1]), row[2]) if row else None
    return said if line is None else f"line {line}: {said}"


def _line_in(file: Path, number: int, key: str | None) -> int | None:
    """The line, from 1, of a key of the signal of that number, or of its head; None if it stands elsewhere."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    heads = [place for place, line in enumerate(lines) if line.strip().startswith("[[signals]]")]
    if number >= len(heads):
        return None
    end = next((p for p in range(heads[number] + 1, len(lines)) if lines[p].startswith("[")), len(lines))
    keys = (p for p in range(heads[number], end) if key and re.match(rf"\s*{key}\b", lines[p]))
    return next(keys, heads[number]) + 1


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


_UNION_PARTS = ("str", "int", "float", "Delay")


def _said(problem: Any) -> str:
    kind, got = problem["type"], problem["input"]
    context = problem.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(problem['loc'][-1]), _all_keys())}"
    if kind == "missing":
        return "this key is missing"
    if kind == "literal_error":
        expected = re.findall(r"'([^']*)'", context["expected"])
        return f'expected one of {listed(expected)}, got "{got}"{did_you_mean(str(got), expected)}'
    if kind == "value_error":
        return str(context["error"])
    return f"{_expectation(problem['msg'])}, got {_shown(got)}"


def _expectation(message: str) -> str:
    return re.sub(r"^Input should be (a )?(valid )?", "expected ", message).replace("tuple", "list")


def _shown(value: Any) -> str:
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
