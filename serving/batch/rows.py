"""An answer as a row of the sheet, and a row as the answer's text."""

from serving.recommendation import Recommendation, to_json
from serving.sheet import COLUMNS, PLAIN, Row


def row(answer: Recommendation) -> Row:
    """The fields of the HTTP answer; nested ones as JSON text."""
    plain = answer.to_dict()
    return {name: plain[name] if name in PLAIN else to_json(plain[name]) for name in COLUMNS}


def text_of(row: Row) -> str:
    """The answer as JSON, from its row: what is written already is not written again."""
    fields = (f'"{name}":{to_json(row[name]) if name in PLAIN else row[name]}' for name in COLUMNS)
    return f"{{{','.join(fields)}}}"
