"""The table of served paths."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.guard.routes import PATTERNS, ROUTES, canonical, decoded, routes_of

IDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(IDS)
@settings(deadline=None)
def test_any_id_in_a_path_comes_back_as_it_was(customer: str) -> None:
    path = canonical(f"/v1/customers/{quote(customer, safe='')}")
    assert [route.pattern for route in routes_of(path)] == ["/v1/customers/{customer_id}"]
    assert decoded(path.rsplit("/", 1)[1]) == customer


@given(st.text(st.characters(codec="ascii"), max_size=40))
@settings(deadline=None)
def test_a_path_has_at_most_one_pattern_and_one_usual_way_to_be_written(path: str) -> None:
    try:
        found = canonical(path)
    except ValueError:
        return
    assert canonical(found) == found
    assert len({route.pattern for route in routes_of(found)}) <= 1


@pytest.mark.parametrize(
    "path",
    ["", "/v1", "/v1/customers/", "/customers/", "/customers/a/b", "/static/", "/static/a/b", "//", "/V1/customers",
     "/v1/recommendations/", "/customers/a/override/", "/livez/", "/{customer_id}", "/admin"],
)  # fmt: skip
def test_other_paths_have_none(path: str) -> None:
    assert routes_of(canonical(path)) == ()


@pytest.mark.parametrize("path", ["/%ff", "/customers/%00", "/customers/%ed%a0%80"])
def test_a_path_that_is_no_text_is_none(path: str) -> None:
    with pytest.raises(ValueError):
        canonical(path)


def test_every_pattern_is_found_and_no_method_is_served_twice() -> None:
    for pattern in PATTERNS:
        found = routes_of(pattern.replace("{", "").replace("}", ""))
        assert {route.pattern for route in found} == {pattern}
        methods = [method for route in found for method in route.methods]
        assert len(methods) == len(set(methods))


def test_what_changes_something_or_names_a_customer_asks_for_a_scope() -> None:
    for route in ROUTES:
        open_to_all = route.scope is None
        assert not (open_to_all and "customer_id" in route.pattern)
        if "POST" in route.methods and route.pattern not in ("/sign-in", "/sign-out"):
            assert route.scope in ("score", "write")
