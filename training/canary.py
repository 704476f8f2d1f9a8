"""The canary: a bundle answers its golden rows in a process of its own, which may die of it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from data.errors import TierwiseError
from training.bundle import Bundle
from training.errors import BundleError

SECONDS = 60.0
"""So long a bundle may take to load and to answer."""

CLOSE = 1e-6
"""How far, in relation, an explained score may be from the recorded one."""

NICENESS = 10
REFUSED = 3
ROOT = Path(__file__).resolve().parent.parent


def try_out(folder: Path, seconds: float | None = None) -> None:
    """Lets a fresh process load the bundle in `folder`, predict and explain its golden rows.

    Raises BundleError where it is refused there, where the process dies, or where it takes more than `seconds`
    (default: SECONDS). It runs at a low priority: whoever is being served comes first.
    """
    patience = SECONDS if seconds is None else seconds
    command = [sys.executable, "-m", "training.canary", str(folder.resolve())]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=_alone(), capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise BundleError(f"bundle {folder}: its canary gave no answer within {patience:g} s") from None
    if done.returncode == REFUSED:
        raise BundleError(done.stderr.strip())
    if done.returncode != 0:
        raise BundleError(f"bundle {folder}: its canary {_death(done.returncode)}; it is not loaded")


def answer(folder: Path) -> None:
    """Loads the bundle, which checks its scores, and explains its golden rows. Raises BundleError."""
    bundle = Bundle.load(folder)
    for target, explained in bundle.explain(bundle.golden).items():
        recorded = np.array(bundle.golden_scores[target])
        told = ~np.isnan(recorded)
        if not np.allclose(explained.score[told], recorded[told], rtol=CLOSE, atol=CLOSE * CLOSE):
            raise BundleError(f"bundle {folder}: the reasons of its golden rows give another {target}; train again")


def _alone() -> dict[str, str]:
    """One thread, and no part in what the server counts."""
    shared = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    return {**shared, "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def _death(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


def main() -> int:
    """What the fresh process does; a refusal is told on stderr."""
    os.nice(NICENESS)
    try:
        answer(Path(sys.argv[1]))
    except (TierwiseError, KeyError, TypeError, ValueError, IndexError, OSError) as error:
        text = str(error) if isinstance(error, TierwiseError) else f"bundle {sys.argv[1]}: not readable ({error!r})"
        print(text, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
