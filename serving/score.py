"""The whole book: every customer's scores, the plan that cuts the tiers, one row per customer in a file."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.engines.engine import Engine as Cluster
from data.engines.local import LocalEngine
from data.histories.histories import Histories
from data.remote.folder import RemoteFolder
from serving.batch.chunk import chunks_of
from serving.batch.gathering import Gathering
from serving.batch.groups import FETCHED, mapped
from serving.batch.job import Job
from serving.batch.opened import EngineAt
from serving.batch.quarantine import write_quarantine
from serving.batch.scoring import Scoring
from serving.engine import Engine
from serving.errors import ServingError
from serving.figures import Language
from serving.ledger.decisions import Decisions
from serving.ledger.roster import Account
from serving.overview.overview import Overview
from serving.overview.survey import overview_of
from serving.plan import Plan, promote, stands
from serving.sheet import open_sheet, require_place
from serving.tiers.fit import fit, needed
from serving.tiers.gather import Gathered, joined
from serving.tiers.ladder import TIERS

CHUNK = 512

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """How many `customers` have a row and how many are `quarantined`, together everybody; how many of those on record
    each tier has, by name; how many had been `resumed` from a run that was cut off; whether the plan is now current."""

    customers: int
    quarantined: int
    tiers: dict[str, int]
    resumed: int
    promoted: bool


def fit_plan(engine: Engine, cutoff: int, advance: Advance, on: Cluster | None = None) -> Plan:
    """The plan of everybody who can be scored and has an event by the cutoff (µs), gathered `on` an engine (default:
    this process). PlanError where nobody has."""
    names = needed(engine.book, engine.bundle)
    task = Gathering(EngineAt.of(engine), cutoff, names)
    told = list(chunks_of(engine, CHUNK))
    parts: list[Gathered] = []
    for chunk, found in zip(told, mapped(on or LocalEngine(), task, told, _at_once(engine)), strict=True):
        parts += found
        advance(len(chunk))
    return fit(joined(parts, names), engine.book, engine.bundle, cutoff, previous=engine.ledger.previous(cutoff))


def write_scores(
    engine: Engine,
    plan: Plan,
    cutoff: int,
    file: Path,
    *,
    home: Path,
    language: Language,
    recorded: int,
    advance: Advance,
    on: Cluster | None = None,
    between: RemoteFolder | None = None,
) -> Written:
    """Writes a row for every customer of the book, keeps what was recommended (`recorded` at µs UTC), and promotes the
    plan; a run that was cut off goes on where it was, to the same bytes. The parts are made `on` an engine (default:
    in this process), everything else here; workers that share no disk with this process leave theirs in the folder
    `between`.

    The file appears whole or not at all, then the ledger keeps tiers and roster, then the plan, which was saved before,
    assigns. Customers who cannot be answered lie in a file beside it. Raises ServingError for a file that is neither
    .parquet nor .csv, where another scoring is at work, or where nobody can be answered.
    """
    require_place(file)
    decisions = engine.ledger.decisions(cutoff)
    job = Job.of(engine, plan, cutoff, language, decisions, CHUNK, home, between)
    with job.at_work():
        task = Scoring(EngineAt.of(engine), plan, cutoff, language, job)
        count, resumed = _answered(engine, job, on or LocalEngine(), task, decisions, recorded, advance)
        written, quarantined = _assembled(engine, job, count, file)
        tiers, promoted = _settled(engine, plan, cutoff, job, count, home)
    return Written(written, quarantined, tiers, resumed, promoted)


def _at_once(engine: Engine) -> int:
    """So many chunks a worker does at once."""
    return 1 if engine.store.at.grows else FETCHED


def _answered(
    engine: Engine, job: Job, on: Cluster, task: Scoring, decisions: Decisions, recorded: int, advance: Advance
) -> tuple[int, int]:
    """Has every part made that is not finished, keeps what was said in the order of the parts, and answers how many
    parts there are and how many customers were finished before."""
    told = list(chunks_of(engine, CHUNK, decisions))
    finished = {chunk.number for chunk in told if job.has(chunk.number)}
    left = [chunk for chunk in told if chunk.number not in finished]
    arriving = mapped(on, task, left, _at_once(engine))
    for chunk in told:
        if chunk.number not in finished:
            next(arriving)
            job.bring(chunk.number)
        if not job.is_kept(chunk.number):
            engine.ledger.keep_said(job.said(chunk.number), task.language, recorded)
            job.mark_kept(chunk.number)
        advance(len(chunk))
    return len(told), sum(len(chunk) for chunk in told if chunk.number in finished)


def _assembled(engine: Engine, job: Job, count: int, file: Path) -> tuple[int, int]:
    """Writes the file from the parts, and answers how many customers are in it and how many are not."""
    left_out = [said for number in range(1, count + 1) for said in job.quarantined(number)]
    written = 0
    with open_sheet(file) as sheet:
        for number in range(1, count + 1):
            rows = job.rows(number)
            sheet.write(rows)
            written += len(rows)
        if left_out and not written:
            first = left_out[0]
            raise ServingError(f"nobody could be answered: {first['error']} in {first['place']}")
        engine.store.require_as_opened()
        write_quarantine(file, left_out)
    return written, len(left_out)


def _settled(engine: Engine, plan: Plan, cutoff: int, job: Job, count: int, home: Path) -> tuple[dict[str, int], bool]:
    """Keeps tiers and, of a plan that will assign, the roster; then promotes the plan."""

    def accounts() -> Iterator[dict[str, Any]]:
        for number in range(1, count + 1):
            yield from job.accounts(number)

    ledger, model = engine.ledger, engine.bundle.version
    assigned = [(account["customer_id"], account["tier"], account["held"]) for account in accounts()]
    ledger.write_tiers(cutoff, plan.version, model, assigned)
    if stands(plan, home, engine.latest_cutoff):
        ledger.write_roster(cutoff, plan.version, model, map(_roster_account, accounts()))
    held = Counter(tier for _, tier, _ in assigned)
    return {tier: held[tier] for tier in TIERS}, promote(plan, home, engine.latest_cutoff)


def _roster_account(account: dict[str, Any]) -> Account:
    return Account(**{name: value for name, value in account.items() if name != "held"})


def overview(engine: Engine, plan: Plan, cutoff: int, advance: Advance) -> Overview:
    """The whole book at the plan's cutoff, with the tiers that the ledger keeps of it."""
    standing = engine.ledger.previous(cutoff, through=True)
    customers = len(engine.store.customers())
    return overview_of(engine.store, chunks(engine), customers, engine.bundle, plan, cutoff, standing, advance)


def chunks(engine: Engine) -> Iterator[Histories]:
    """The book's histories bucket by bucket, some hundred customers at a time."""
    for histories in engine.store.each():
        for start in range(0, len(histories), CHUNK):
            yield histories.select(range(start, min(start + CHUNK, len(histories))))
