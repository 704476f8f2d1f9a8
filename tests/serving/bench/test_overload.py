"""What `python -m serving overload` measures, on a server of its own."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

import serving.__main__ as door

PROJECT = Path(door.__file__).parent.parent


def test_too_much_is_either_served_or_told_to_come_back_and_too_large_is_refused(
    in_the_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    out = tmp_path / "overload.json"
    told = CliRunner().invoke(
        door.app,
        ["overload", "corner_shop.toml", "--seconds", "1", "--turns", "1", "--bodies", "3", "--out", str(out)],
        catch_exceptions=False,
    )
    assert told.exit_code == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    (turn,) = found["turns"]
    assert turn["others"] == 0
    assert turn["served"]
    assert found["oversized"]["refused"] == 6
