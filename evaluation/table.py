"""The metrics of a backtest as tables in the terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

from evaluation import wording
from evaluation.comparison import Asked, Judgement, MetricRow
from evaluation.views.standings import figure


def tables_of(judgement: Judgement, asked: Iterable[Asked]) -> Iterator[Table]:
    """One table a question: a line a model, a column a metric."""
    for question in asked:
        rows = [row for row in judgement.metrics if _answers(row, question)]
        yield _table(wording.TARGETS[question.target].title, rows)


def _answers(row: Asked, asked: Asked) -> bool:
    return (row.cutoff, row.target, row.horizon_days) == (asked.cutoff, asked.target, asked.horizon_days)


def _table(title: str, rows: Sequence[MetricRow]) -> Table:
    metrics = [name for name in wording.METRICS if any(row.metric == name for row in rows)]
    table = Table(title=f"{title}, {rows[0].horizon_days} days after {rows[0].cutoff}", title_justify="left")
    table.add_column("model")
    for name in metrics:
        table.add_column(wording.METRICS[name].title, justify="right")
    for model in wording.MODELS:
        values = {row.metric: row.value for row in rows if row.model == model}
        if values:
            table.add_row(wording.MODELS[model], *(figure(name, values[name]) for name in metrics))
    return table
