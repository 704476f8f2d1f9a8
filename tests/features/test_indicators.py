from features.catalog import NAMES, markdown
from features.indicators import INDICATORS, POTENTIAL, RELATIONSHIP, TRANSACTIONAL


def test_there_are_fourteen_in_three_dimensions() -> None:
    dimensions = [indicator.dimension for indicator in INDICATORS]
    assert [dimensions.count(one) for one in (TRANSACTIONAL, POTENTIAL, RELATIONSHIP)] == [5, 4, 5]


def test_each_is_held_by_features_that_there_are_or_told_by_something_else() -> None:
    for indicator in INDICATORS:
        assert set(indicator.features) <= set(NAMES)
        assert indicator.features or indicator.beside


def test_the_page_tells_them_in_both_languages() -> None:
    page = markdown()
    assert all(indicator.name.en in page and indicator.name.zh in page for indicator in INDICATORS)
