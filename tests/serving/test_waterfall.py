"""A score that can be added up by eye."""

import pytest
from rich.cells import cell_len

from serving.numerals import Language
from serving.reasons.parts import Reason, ReasonGroup, Reasons
from serving.waterfall import waterfall

FEATURE = Reason("orders", 7.0, 3.0, "orders", 0.3, "+30.00 pp", "Orders often: 7 orders", "")
REASONS = Reasons(
    0.1,
    "10.00%",
    "38.00%",
    "probability",
    "",
    (
        ReasonGroup("how_often", "How often they buy", 0.3, "+30.50 pp", "", (FEATURE,), 0.005, "+0.50 pp"),
        ReasonGroup("season", "The season", -0.025, "−2.50 pp", "", (), -0.025, "−2.50 pp"),
        ReasonGroup("how_they_pay", "How they pay", 1e-9, "0.00 pp", "", (), 1e-9, "0.00 pp"),
    ),
)


def test_a_score_is_told_as_a_sum_whose_digits_stand_under_each_other() -> None:
    assert list(waterfall(REASONS, "churn", "en")) == [
        "  The model's starting point   10.00%",
        "  How often they buy          +30.50 pp",
        "      +30.00 pp  Orders often: 7 orders",
        "       +0.50 pp  everything else here",
        "  The season                   −2.50 pp",
        "  " + "─" * 37,
        "  Churn probability            38.00%",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_wide_letters_take_two_cells(language: Language) -> None:
    told = [line for line in waterfall(REASONS, "churn", language) if "." in line and not line.startswith("      ")]
    assert len({cell_len(line[: line.rindex(".")]) for line in told}) == 1
