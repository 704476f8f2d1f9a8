"""Marks stand where their numbers say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from serving.card import Tenth
from serving.overview.overview import Flow
from serving.pages.drawing.dots import dots
from serving.pages.drawing.fall import fall
from serving.pages.drawing.sankey import HEIGHT, sankey
from serving.pages.drawing.spark import EDGE, WIDTH, spark
from serving.pages.drawing.spark import HEIGHT as SPARK_HEIGHT
from serving.tiers.ladder import TIERS

AMOUNTS = st.floats(-1e7, 1e7, allow_nan=False)


@given(base=AMOUNTS, parts=st.lists(AMOUNTS, max_size=12))
@settings(deadline=None)
def test_bars_of_a_waterfall_follow_one_another_and_stay_on_the_page(base: float, parts: list[float]) -> None:
    drawn = fall(base, parts, base + sum(parts))
    bars = [drawn.base, *drawn.parts, drawn.result]
    assert all(bar.x >= -0.01 and bar.x + bar.width <= 100.5 for bar in bars)
    assert [bar.kind for bar in drawn.parts] == ["up" if part >= 0 else "down" for part in parts]


def test_a_waterfall_reads_from_left_to_right() -> None:
    drawn = fall(50.0, [50.0, -25.0], 75.0)
    assert (drawn.base.x, drawn.base.width) == (0, 50)
    assert (drawn.parts[0].x, drawn.parts[0].width) == (50, 50)
    assert (drawn.parts[1].x, drawn.parts[1].width) == (75, 25)
    assert drawn.result.width == 75


@given(st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False), max_size=20))
@settings(deadline=None)
def test_a_spark_stays_within_its_frame(values: list[float | None]) -> None:
    drawn = spark(values)
    if drawn is None:
        assert all(value is None for value in values)
        return
    points = [tuple(map(float, point.split(","))) for line in drawn.lines for point in line.split()]
    assert len(points) == sum(value is not None for value in values)
    assert all(
        EDGE - 0.1 <= x <= WIDTH - EDGE + 0.1 and EDGE - 0.1 <= y <= SPARK_HEIGHT - EDGE + 0.1 for x, y in points
    )
    assert (drawn.x, drawn.y) == points[-1]


FLOWS = st.lists(
    st.builds(
        Flow,
        before=st.none() | st.sampled_from(TIERS),
        after=st.sampled_from(TIERS),
        customers=st.integers(1, 100_000),
        value=st.just(0.0),
    ),
    max_size=20,
    unique_by=lambda flow: (flow.before, flow.after),
)


@given(FLOWS)
@settings(deadline=None)
def test_ribbons_are_as_many_as_flows_and_columns_hold_everybody(flows: list[Flow]) -> None:
    drawn = sankey(flows)
    everybody = sum(flow.customers for flow in flows)
    assert sum(node.customers for node in drawn.before) == sum(node.customers for node in drawn.after) == everybody
    assert len(drawn.ribbons) == len(flows)
    assert all(node.y + node.height <= HEIGHT + 5 for node in (*drawn.before, *drawn.after))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=10))
@settings(deadline=None)
def test_what_came_as_predicted_stands_on_the_line(pairs: list[tuple[float, float]]) -> None:
    tenths = [Tenth(predicted=p, came=p, low=max(0.0, p - 0.1), high=min(1.0, p + 0.1), n=9) for p, _ in pairs]
    for dot in dots(tenths).dots:
        assert abs(dot.x + dot.y - 260) <= 0.2
        assert dot.top <= dot.y + 0.2
        assert dot.bottom >= dot.y - 0.2
