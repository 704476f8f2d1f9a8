"""What is said of a value that cannot be told."""

import re

from features.catalog import CATALOG, NAMES, TITLES
from features.missing import OF_FAMILY, OF_FEATURE, UNTOLD, missing

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_only_known_features_and_families_have_words_of_their_own() -> None:
    assert set(OF_FEATURE) <= set(NAMES)
    assert set(OF_FAMILY) <= set(TITLES)


def test_an_event_that_never_was_is_not_said_to_be_beyond_telling() -> None:
    assert all(missing(feature) != UNTOLD for feature in CATALOG if feature.name.endswith("_age_days"))


def test_words_for_nothing_carry_the_same_numbers_in_both_languages() -> None:
    for feature in CATALOG:
        for words in filter(None, (missing(feature), feature.zero)):
            assert words.en.isascii()
            assert CHINESE.search(words.zh)
            assert sorted(re.findall(r"\d+", words.en)) == sorted(re.findall(r"\d+", words.zh))
