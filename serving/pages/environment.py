"""The templates of the pages: all text escaped, what stands in one without a value is an error."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """The address of a shipped file; it changes with the file, so that browsers may keep it."""
    stem, _, kind = name.rpartition(".")
    return f"/static/{stem}.{sha256((STATIC / name).read_bytes()).hexdigest()[:12]}.{kind}"


@cache
def files() -> dict[str, Path]:
    """The shipped files by the last part of their address."""
    return {asset(file.name).rpartition("/")[2]: file for file in STATIC.iterdir() if file.is_file()}
