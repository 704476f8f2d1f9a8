"""What an ablation found, in one piece."""

from dataclasses import dataclass

from data.settings.book import Book
from evaluation.ablation.runs import Part
from evaluation.ablation.worth import Worth
from evaluation.comparison import ComparisonRow


@dataclass(frozen=True)
class Ablation:
    """`parts` that speak of this book's customers and `silent` families, which have nothing to say.

    `worths` tells what each part is worth on customers held out in training, `comparisons` what its absence
    changes at the judged cutoff. As families overlap, a part is left out of everything ("without FAMILY") and
    also added to the purchases alone ("purchases and FAMILY"); a family "" is all but the purchases. "another
    seed" is the same features with luck drawn anew: what less than that is worth is lost in it.
    """

    book: Book
    cutoff: str
    parts: tuple[Part, ...]
    silent: tuple[str, ...]
    worths: tuple[Worth, ...]
    comparisons: tuple[ComparisonRow, ...]
    seed: int
