"""What each family is worth, as a table in the terminal."""

from rich.table import Table

from evaluation import wording as words
from evaluation.ablation import wording
from evaluation.ablation.result import Ablation
from evaluation.ablation.worth import Worth
from features.catalog import TITLES


def table_of(ablation: Ablation) -> Table:
    """A line a family: what is lost without it, target by target, and what to make of it."""
    table = Table(
        title=f"Feature families of {ablation.book.name} at {ablation.cutoff}: share of what the trees learn that is "
        "lost without them, and that they add to the purchases alone, on customers held out in training",
        title_justify="left",
    )
    table.add_column("family")
    table.add_column("features", justify="right")
    targets = [target for target in words.TARGETS if any(worth.target == target for worth in ablation.worths)]
    for target in targets:
        table.add_column(words.TARGETS[target].title, justify="right")
    table.add_column("to make of it")
    left_out = {(worth.target, worth.family): worth for worth in ablation.worths if worth.way == "left_out"}
    added = {(worth.target, worth.family): worth for worth in ablation.worths if worth.way == "added"}
    for part in ablation.parts:
        keys = [(target, part.family) for target in targets]
        figures = (_figure(left_out[key]) + (f"\nadds {_figure(added[key])}" if key in added else "") for key in keys)
        told = wording.conclusion(ablation, part.family)
        table.add_row(TITLES[part.family].en, str(len(part.columns)), *figures, told)
    table.add_row(wording.BEYOND, "", *(_figure(left_out[target, ""]) for target in targets), "")
    luck = [worth for worth in ablation.worths if worth.way == "reseeded"]
    table.add_row(wording.LUCK, "", *(_figure(worth) for worth in luck), "differences this small may be luck")
    return table


def _figure(worth: Worth) -> str:
    return f"{wording.percent(worth.share)}\n{wording.between(worth)}"
