"""The suspects as a warning in the terminal."""

from collections.abc import Sequence

from rich.table import Table

from training.audit.suspects import Suspect


def warning_of(suspects: Sequence[Suspect]) -> Table:
    """A line per suspect: what it is, how much it tells, why that is too good, and what to do."""
    table = Table(title=f"Warning: {counted(suspects)} too good to be true", title_justify="left", show_lines=True)
    table.add_column("feature")
    table.add_column("target")
    table.add_column("alone", justify="right", no_wrap=True)
    table.add_column("honest", justify="right", no_wrap=True)
    table.add_column("why, and what to do", ratio=1)
    for suspect in suspects:
        table.add_row(
            f"{suspect.title_en}\n{suspect.title_zh}",
            suspect.target.replace("_", " "),
            f"{suspect.figure:.3f}\n{suspect.low:.3f} to {suspect.high:.3f}",
            f"{suspect.honest_figure:.3f}",
            f"{suspect.reason[:1].upper()}{suspect.reason[1:]}. {suspect.advice}",
        )
    return table


def counted(suspects: Sequence[Suspect]) -> str:
    """How many features are suspects, in words."""
    features = len({suspect.feature for suspect in suspects})
    return "1 feature is" if features == 1 else f"{features} features are"
