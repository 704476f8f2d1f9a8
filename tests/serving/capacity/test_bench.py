"""The race is run on the same problems, and shown."""

from rich.console import Console

from serving.capacity.bench import raced, table


def test_both_solvers_come_to_the_same_profit_and_every_lap_is_shown() -> None:
    laps = raced(600, 1)
    anchor, ours = laps[:2]
    assert abs(anchor.profit - ours.profit) <= 1e-6 * abs(ours.profit)
    assert [(lap.problem, lap.groups) for lap in laps[2:]] == [
        ("seats", 1),
        ("seats and hours", 1),
        ("seats", 200),
        ("seats and hours", 200),
    ]
    assert all(0 <= lap.gap <= 1e-4 for lap in laps)
    shown = Console(width=160, record=True)
    shown.print(table(laps))
    assert "HiGHS, interior point" in shown.export_text()
