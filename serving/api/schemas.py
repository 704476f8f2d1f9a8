"""The JSON schemas of what the API answers beside recommendations."""

from typing import get_args

from data.events import ROLES
from features.feature import UNITS
from features.groups import GROUPS
from serving.answer_schema import (
    COUNT,
    DAYS,
    MOMENT,
    NUMBER,
    SHARE,
    TEXT,
    TIER,
    Schema,
    array,
    end,
    or_null,
    record,
    ref,
)
from serving.api.policies import DIRECTIONS
from serving.bridge.account import TierBridge
from serving.bridge.steps import STEPS
from serving.ledger.entry import State
from serving.next_steps.answer import Finding, Goal
from serving.tiers.policies import POLICIES

ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "Of a kept recommendation."}
WHOLE: Schema = {"type": "integer", "minimum": 0}
TIER_OR_NULL = or_null(TIER)
CHANCE = or_null(SHARE)
BOTH = record(en=TEXT, zh=TEXT)
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
TEXT_OR_NULL = or_null(TEXT)
MOMENT_OR_NULL = or_null(MOMENT)

TIER_ENDS = tuple(name for name in TierBridge.__slots__ if name not in ("moves", "text"))

_CUSTOMER: Schema = {
    "Readiness": record(
        ready={"type": "boolean"},
        model_version=TEXT_OR_NULL,
        plan_version=TEXT_OR_NULL,
        refused=TEXT_OR_NULL | {"description": "Why a later model does not answer; null where none was refused."},
    ),
    "CustomerView": record(
        customer_id=TEXT,
        owner=TEXT_OR_NULL | {"description": "The account manager, where the book's profile names one."},
        recommendation=ref("Recommendation") | {"description": "What is recommended at the cutoff; not kept."},
        history=array(ref("KeptScores"), "Recommendations that were kept, the newest cutoff first."),
        course=array(ref("Moment"), "By the current model at the ends of the last 12 months, the earliest first."),
        timeline=ref("Timeline"),
        bridge=or_null(ref("Bridge"))
        | {
            "description": "Since the latest kept recommendation of an earlier cutoff, else since one horizon ago; "
            "null where nothing was on record by the cutoff, or that lies before the book."
        },
        next_steps=or_null(ref("NextSteps")) | {"description": "Null where nothing was on record by the cutoff."},
        overrides=array(ref("Override"), "All that were ever recorded, in that order, as they stand at the cutoff."),
    ),
    "KeptScores": record(
        id=ID,
        cutoff=MOMENT,
        recorded=MOMENT | {"description": "When it was first said."},
        tier=TIER_OR_NULL,
        lifetime_value=NUMBER | {"description": "Money."},
        conversion=CHANCE,
        churn=CHANCE,
        language=TEXT,
        model_version=TEXT,
        plan_version=TEXT_OR_NULL,
    ),
    "Moment": record(
        cutoff=MOMENT,
        lifetime_value=end("Money; all are null where nothing was on record by then."),
        conversion=CHANCE,
        churn=CHANCE,
        tier=TIER_OR_NULL | {"description": "What the plan alone makes of the scores."},
    ),
    "Timeline": record(
        total=WHOLE,
        events=array(ref("TimelineEvent"), "The newest first; the lines of one order are one entry."),
        before=or_null(COUNT) | {"description": "What to ask for as `before` for the next page; null on the last."},
    ),
    "TimelineEvent": record(
        place=COUNT | {"description": "1 is the first of all."},
        time=MOMENT,
        type=TEXT,
        role={"type": "string", "enum": list(ROLES)},
        lines=COUNT,
        amount=end("The money of its lines, in the book's currency, signed; null where none has any."),
        order_id=TEXT_OR_NULL,
        text=TEXT,
    ),
    "Override": record(
        **{
            "id": COUNT,
            "customer_id": TEXT,
            "tier": TEXT,
            "by": TEXT,
            "reason": TEXT,
            "from": MOMENT,
            "until": MOMENT,
            "recorded": MOMENT,
            "state": {"type": "string", "enum": list(get_args(State))},
            "withdrawn": or_null(record(by=TEXT, reason=TEXT, as_of=MOMENT)),
            "models_then": record(lifetime_value=NUMBER, churn=CHANCE, tier=TIER_OR_NULL, model_version=TEXT)
            | {"description": "What the models said when it was recorded, without any override."},
        }
    ),
}

_BRIDGE: Schema = {
    "Bridge": record(
        customer_id=TEXT,
        before=ref("BridgeEnd"),
        after=ref("BridgeEnd"),
        scores=record(**{score: ref("ScoreBridge") for score in ("lifetime_value", "conversion", "churn")}),
        tier=or_null(ref("TierBridge")),
        summary=array(TEXT),
        notes=array(TEXT, "What to bear in mind."),
    ),
    "BridgeEnd": record(
        cutoff=MOMENT,
        known_at=MOMENT,
        model_version=TEXT,
        plan_version=TEXT_OR_NULL,
        known={"type": "boolean"},
        degraded=array(TEXT),
    ),
    "ScoreBridge": record(
        unit={"type": "string", "description": "A currency, or probability."},
        horizon_days=DAYS,
        before=end("The score before, in the unit."),
        after=end("The score after: `before` and the differences of all steps add up to it."),
        steps=array(ref("BridgeStep")),
        text=TEXT,
    ),
    "BridgeStep": record(
        name={"type": "string", "enum": list(STEPS)},
        title=TEXT,
        difference=NUMBER,
        base_difference=NUMBER | {"description": "It and the groups add up to `difference`."},
        groups=array(ref("GroupChange")),
    ),
    "GroupChange": record(
        group={"type": "string", "enum": [group.name for group in GROUPS]},
        title=TEXT,
        difference=NUMBER,
        features=array(record(feature=TEXT, difference=NUMBER, text=TEXT)),
    ),
    "TierBridge": record(
        **dict.fromkeys(
            (
                "before",
                "after",
                "by_plan_before",
                "by_scores",
                "by_plan_after",
                "override_before",
                "override_after",
                "kept_before",
                "kept_after",
            ),
            TEXT_OR_NULL,
        ),
        moves=array(record(step={"type": "string", "enum": list(STEPS)}, tier=TIER)),
        text=TEXT,
    ),
}

_NEXT: Schema = {
    "NextSteps": record(
        customer_id=TEXT,
        cutoff=MOMENT,
        currency=TEXT,
        now=ref("Replayed"),
        ways=array(ref("Way"), "A goal each."),
        note=TEXT,
        degraded=array(TEXT),
        model_version=TEXT,
        plan_version=TEXT_OR_NULL,
    ),
    "Replayed": record(
        lifetime_value=NUMBER | {"description": "Money."}, conversion=CHANCE, churn=CHANCE, tier=TIER_OR_NULL
    ),
    "Way": record(
        goal={"type": "string", "enum": list(get_args(Goal))},
        target={"type": ["string", "number", "null"], "description": "A tier, or a churn to come below."},
        finding={"type": "string", "enum": list(get_args(Finding))},
        steps=array(ref("NextStep"), "The cheapest first."),
        nearest=or_null(ref("NextStep")),
        tried=WHOLE,
        text=TEXT,
    ),
    "NextStep": record(
        **{
            "events": array(ref("AssumedEvent")),
            "within_days": DAYS,
            "cost": NUMBER | {"description": "Effort, in the book's own measure."},
            "cutoff": MOMENT,
            "with": ref("Replayed"),
            "without": ref("Replayed"),
            "text": TEXT,
        }
    ),
    "AssumedEvent": record(
        type=TEXT,
        role={"type": "string", "enum": list(ROLES)},
        time=MOMENT,
        lines=COUNT,
        amount=end("Money, null where its lines have none."),
        like=MOMENT_OR_NULL | {"description": "When the customer's own event was that it repeats."},
    ),
}

_ACCOUNTS: Schema = {
    "Accounts": record(
        cutoff=MOMENT_OR_NULL | {"description": "When the accounts were scored last; null where they never were."},
        currency=TEXT,
        plan_version=TEXT_OR_NULL,
        model_version=TEXT_OR_NULL,
        total=WHOLE | {"description": "Accounts on all pages."},
        accounts=array(ref("Account")),
        next=TEXT_OR_NULL | {"description": "Path and query of the next page; null on the last."},
    ),
    "Account": record(
        customer_id=TEXT,
        name=TEXT_OR_NULL,
        owner=TEXT_OR_NULL,
        tier=TIER_OR_NULL,
        lifetime_value=NUMBER | {"description": "Money expected within the horizon."},
        conversion=CHANCE,
        churn=CHANCE,
        priority=NUMBER | {"description": "Money at stake times urgency, of the account's first action."},
        recommendation=or_null(ID),
    ),
}

_WHAT_IF: Schema = {
    "WhatIf": record(
        **{
            "customer_id": TEXT,
            "cutoff": MOMENT,
            "as_of": MOMENT,
            "now": ref("Said") | {"description": "At the cutoff."},
            "with": ref("Said") | {"description": "As of the later moment, had the events happened."},
            "without": ref("Said") | {"description": "As of the same moment, had they not."},
            "bridge": ref("Bridge") | {"description": "From now to the later moment with the events."},
            "note": TEXT,
            "model_version": TEXT,
            "plan_version": TEXT_OR_NULL,
        }
    ),
    "Said": record(
        cutoff=MOMENT,
        lifetime_value=ref("Money"),
        conversion=ref("Conversion"),
        churn=ref("Chance"),
        tier=or_null(ref("Tier")),
        degraded=array(TEXT),
    ),
}

_BOOK: Schema = {
    "Policies": record(
        book=TEXT,
        current=record(
            name=ref("PolicyName"),
            title=BOTH,
            settings=ANYTHING | {"description": "The book's settings of the policy."},
            stability=ANYTHING | {"description": "When a customer keeps the tier they had."},
            plan=or_null(ref("Plan")) | {"description": "Null where the book was never scored."},
        ),
        policies=array(ref("Policy")),
    ),
    "PolicyName": {"type": "string", "enum": [policy.name for policy in POLICIES]},
    "Plan": record(
        version=TEXT,
        policy=ref("PolicyName"),
        model_version=TEXT,
        cutoff=MOMENT,
        currency=TEXT,
        horizon_days=DAYS,
        customers=WHOLE,
        counts={"type": "object", "additionalProperties": WHOLE, "description": "Customers by tier."},
        inputs=array(ref("Input")),
        learnt=ANYTHING | {"description": "Cuts, scales or prices, as the policy needs them."},
    ),
    "Policy": record(
        name=ref("PolicyName"),
        title=BOTH,
        inputs=array(ref("Input")),
        also_reads=array(TEXT, "Columns that the book's settings add."),
    ),
    "Input": record(
        name=TEXT,
        title=BOTH,
        unit={"type": "string", "enum": list(UNITS)},
        direction={"type": "string", "enum": list(DIRECTIONS.values())},
    ),
    "Model": record(
        book=TEXT,
        title=TEXT,
        version=TEXT,
        plan_version=TEXT_OR_NULL,
        playbook_version=TEXT,
        policy=ref("PolicyName"),
        currency=TEXT,
        time_zone=TEXT,
        data=record(
            first_event=MOMENT,
            trained_until=MOMENT,
            last_cutoff=MOMENT | {"description": "The end of the last day with an event: the default cutoff."},
            furthest_cutoff=MOMENT | {"description": "The last cutoff that is answered."},
            customers=WHOLE,
            events=WHOLE,
        ),
        horizons=record(
            **{score: record(main_days=DAYS, days=array(DAYS)) for score in ("lifetime_value", "conversion", "churn")}
        ),
        conversion_types=array(TEXT),
        features=COUNT,
        mixed=ANYTHING | {"description": "By target: how its models were chosen, and their weights in the mix."},
        degraded=array(TEXT, "Codes that all answers at the last cutoff carry."),
        card=or_null(ANYTHING)
        | {
            "description": "How good the model was judged to be (`judged`, `grade`, `metrics`); null where nobody did.",
        },
    ),
}

_WRITTEN: Schema = {
    "Appended": record(
        kept=WHOLE | {"description": "Events that are new, and are on disk."},
        known=WHOLE | {"description": "Events that were appended before; they add nothing."},
        latest_cutoff=MOMENT | {"description": "The default cutoff from now on."},
    ),
    "Decided": record(
        customer_id=TEXT,
        recorded=MOMENT,
        made=array(ref("Override"), "What was given, with what the models say."),
        withdrawn=array(ref("Override"), "What was ended."),
        gives_way=array(ref("Override"), "What the new one goes before while it lasts."),
        text=array(TEXT),
    ),
}

SCHEMAS: Schema = {**_CUSTOMER, **_BRIDGE, **_NEXT, **_ACCOUNTS, **_WHAT_IF, **_BOOK, **_WRITTEN}
