from features.catalog import CATALOG, FAMILIES, NAMES, TITLES
from features.groups import GROUPS, group_of


def test_every_feature_of_the_catalogue_is_told_in_one_group() -> None:
    assert {group_of(feature).name for feature in CATALOG} == {group.name for group in GROUPS}


def test_every_family_has_a_group_and_is_told_whole_by_one_alone() -> None:
    told = [family for group in GROUPS for family in group.families]
    assert sorted(told) == sorted(TITLES)
    assert len(FAMILIES) + 2 == len(told)


def test_groups_name_features_that_exist_and_none_twice() -> None:
    named = [name for group in GROUPS for name in group.features]
    assert set(named) <= set(NAMES)
    assert len(named) == len(set(named))
