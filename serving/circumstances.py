"""What keeps all answers of a call from being whole, whoever they are about: the model, the plan, the records."""

from data.clock import add_days
from serving.degraded import NO_PLAN, OTHER_PLAN, RECORDS_END_EARLIER, STALE_MODEL, TRAINED_LATER
from serving.plan import Plan
from training.bundle import Bundle


def circumstances(cutoff: int, bundle: Bundle, plan: Plan | None, recorded_until: int | None) -> tuple[str, ...]:
    """The codes of answers at `cutoff` (µs UTC), where the records end at `recorded_until` (None: nobody says)."""
    ended = () if recorded_until is None or cutoff <= recorded_until else (RECORDS_END_EARLIER.code,)
    return (*bundle.degraded, *age_of_the_model(cutoff, bundle), *ended, *state_of_the_plan(plan, bundle))


def age_of_the_model(cutoff: int, bundle: Bundle) -> tuple[str, ...]:
    """The codes of a model that is younger than the cutoff allows, or too old for it."""
    if cutoff < bundle.cutoff:
        return (TRAINED_LATER.code,)
    good_until = add_days(bundle.cutoff, max(bundle.horizons.values()), bundle.spec.time_zone)
    return (STALE_MODEL.code,) if cutoff > good_until else ()


def state_of_the_plan(plan: Plan | None, bundle: Bundle) -> tuple[str, ...]:
    """The codes of a plan that is missing, or that another model's scores made."""
    if plan is None:
        return (NO_PLAN.code,)
    return (OTHER_PLAN.code,) if plan.model_version != bundle.version else ()
