"""What `python -m serving bridge` asks of a book: two moments, two models and the plans that stood then."""

from pathlib import Path

from data.clock import add_days, isoformat
from serving.bridge.account import Bridge
from serving.bridge.build import bridge
from serving.bridge.since import standing_of
from serving.bridge.standpoint import Standpoint
from serving.bridge.words import day_of
from serving.engine import Engine
from serving.errors import RequestError, ServingError
from serving.figures import Language
from serving.plan import Plan, saved_plans
from training.bundle import Bundle
from training.errors import BundleError
from training.shelf import shelf, versions


def bridge_of(
    engine: Engine,
    customer: str,
    *,
    since: str | None,
    cutoff: str | None,
    from_model: str | None,
    to_model: str | None,
    language: Language | None,
    home: Path,
) -> Bridge:
    """Why the recommendation of a stored customer changed since a moment, by default one horizon before the cutoff.

    Both ends are of the current model unless another version is named. The old end has the latest plan that its
    model had by then, where there is one. Raises ServingError or BundleError for what cannot be answered.
    """
    histories = engine.store.histories([customer])
    if not len(histories):
        raise ServingError(
            f'book {engine.book.name} has no customer "{customer}": nothing is on record under this id; '
            "check its spelling, capitals and leading zeros"
        )
    now = _moment(engine, "--cutoff", cutoff)
    new, old = (_model(engine, version, home) for version in (to_model, from_model))
    then = _since(engine, since, now, new)
    (told,) = bridge(
        histories,
        Standpoint(old, _plan_then(engine, old, then, home), then, **standing_of(engine, customer, then)),
        Standpoint(new, _plan_now(engine, new, now, home), now, **standing_of(engine, customer, now)),
        language=language or engine.book.language,
        level_names=engine.level_names,
    )
    return told


def _moment(engine: Engine, option: str, text: str | None) -> int:
    try:
        return engine.cutoff(text)
    except RequestError as error:
        raise ServingError("; ".join(f"{option}: {fault.message}" for fault in error.faults)) from error


def _since(engine: Engine, text: str | None, now: int, bundle: Bundle) -> int:
    zone = engine.book.time_zone
    if text is None:
        a_horizon_ago = add_days(now, -bundle.horizons["lifetime_value"], zone)
        return _moment(engine, "--since (by default one horizon before the cutoff)", isoformat(a_horizon_ago, zone))
    then = _moment(engine, "--since", text)
    if then > now:
        raise ServingError(
            f"--since: {day_of(isoformat(then, zone))} lies after the cutoff ({day_of(isoformat(now, zone))}); "
            "choose an earlier day, or a later --cutoff"
        )
    return then


def _model(engine: Engine, version: str | None, home: Path) -> Bundle:
    if version is None or version == engine.bundle.version:
        return engine.bundle
    known = versions(engine.book.name, home)
    if version not in known:
        raise BundleError(f'book {engine.book.name} has no model "{version}"; choose one of {", ".join(known)}')
    try:
        bundle = Bundle.load(shelf(engine.book.name, home) / version)
    except BundleError as error:
        raise BundleError(f"model {version} cannot tell its part ({error}); leave it out, or name another") from error
    bundle.require_settings(engine.book)
    return bundle


def _plan_now(engine: Engine, bundle: Bundle, moment: int, home: Path) -> Plan | None:
    return engine.plan if bundle is engine.bundle else _plan_then(engine, bundle, moment, home)


def _plan_then(engine: Engine, bundle: Bundle, moment: int, home: Path) -> Plan | None:
    """The latest plan that a model had by a moment; where it had none, the current one."""
    had = [
        plan
        for plan in saved_plans(engine.book.name, home)
        if plan.model_version == bundle.version and plan.cutoff <= moment
    ]
    return max(had, key=lambda plan: (plan.cutoff, plan == engine.plan, plan.version), default=engine.plan)
