"""Several boosters as one: a weighted sum of forests is a forest whose leaves carry the weights."""

import re
from collections.abc import Sequence

import lightgbm as lgb

from training.trees.forest import Forest

SIZES = "tree_sizes="
END = "end of trees"
VALUES = re.compile(r"^((?:leaf|internal)_value=)(.*)$", flags=re.MULTILINE)


def blended(boosters: Sequence[lgb.Booster], weights: Sequence[float]) -> Forest:
    """One forest whose raw prediction, and whose contributions, are `weights` times those of `boosters`.

    The boosters have seen the same columns. One model is faster to ask than several and is explained as one.
    The objective and parameters that its text names are those of the first booster.
    """
    texts = [booster.model_to_string() for booster in boosters]
    trees = [
        _scaled(tree, weight) for text, weight in zip(texts, weights, strict=True) if weight for tree in _trees(text)
    ]
    numbered = [f"Tree={number}\n{tree}" for number, tree in enumerate(trees)]
    head, _, rest = texts[0].partition(SIZES)
    tail = rest[rest.index(END) :]
    sizes = " ".join(str(len(tree.encode())) for tree in numbered)
    return Forest(f"{head}{SIZES}{sizes}\n\n{''.join(numbered)}{tail}")


def _trees(text: str) -> list[str]:
    """The text of each tree after its number."""
    body = text[text.index("\nTree=") + 1 : text.index(END)]
    return re.split(r"^Tree=\d+\n", body, flags=re.MULTILINE)[1:]


def _scaled(tree: str, weight: float) -> str:
    return VALUES.sub(lambda found: found[1] + _times(found[2], weight), tree)


def _times(values: str, weight: float) -> str:
    return " ".join(repr(float(value) * float(weight)) for value in values.split())
