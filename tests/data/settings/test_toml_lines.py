from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.settings.book import load_book
from data.settings.toml_lines import place_of

TEXT = """name = "shop"
roles = { order = "purchase" }

[[sources]]
name = "one"

[sources.columns]
time = "at"

[[sources]]
name = "two"
columns = { time = "when" }

[targets.churn]
horizons = [30]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("roles", "order"), 2),
        (("sources", 0), 4),
        (("sources", 0, "columns", "time"), 8),
        (("sources", 0, "columns", "amout"), 7),
        (("sources", 1, "name"), 11),
        (("sources", 1, "columns", "time"), 12),
        (("targets", "churn", "horizons", 0), 15),
    ],
)
def test_a_key_stands_on_its_line_or_on_that_of_the_nearest_thing_around_it(
    path: tuple[str | int, ...], line: int
) -> None:
    assert place_of([TEXT], path) == (0, line)


def test_the_text_that_has_most_of_the_way_is_meant_and_the_first_of_equals() -> None:
    above = 'name = "mine"\n\n[targets.value]\nhorizons = [1]\n'
    assert place_of([above, TEXT], ("targets", "churn", "horizons")) == (1, 15)
    assert place_of([above, TEXT], ("name",)) == (0, 1)
    assert place_of([above, TEXT], ("currency",)) is None


def test_an_error_in_a_book_that_is_extended_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        TEXT.replace('name = "shop"', 'name = "base"\nlangage = "en"\ncurrency = "EUR"\ntime_zone = "UTC"')
    )
    (tmp_path / "mine.toml").write_text('extends = "base"\nname = "mine"\ncurrency = 5\n')
    with pytest.raises(BookError) as error:
        load_book(str(tmp_path / "mine.toml"))
    said = str(error.value).splitlines()
    assert f'{tmp_path / "base.toml"}: line 2: langage: unknown key; did you mean "language"?' in said
    assert f"{tmp_path / 'mine.toml'}: line 3: currency: expected string, got 5" in said
