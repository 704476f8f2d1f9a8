"""The JSON schemas of an answer."""

from typing import Any

from data.settings.indicators import PARTS
from features.feature import UNITS
from features.groups import GROUPS
from serving.degraded import CODES
from serving.indicators.answer import LEVELS, UNKNOWN
from serving.indicators.risks import RULES
from serving.tiers.ladder import TIERS
from serving.tiers.policies import POLICIES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DAYS: Schema = {"type": "integer", "minimum": 1}
COUNT: Schema = {"type": "integer", "minimum": 1}
HORIZONS = "The score for every horizon the model knows, ascending; empty where it knows the main one alone."


def ref(name: str) -> Schema:
    """A reference to one of the schemas of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(**properties: Schema) -> Schema:
    """An object of exactly these fields."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def array(items: Schema, description: str = "") -> Schema:
    """A list of such items."""
    return {"type": "array", "items": items} | ({"description": description} if description else {})


def or_null(schema: Schema) -> Schema:
    """One of these, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def end(description: str) -> Schema:
    """A number, or null, and what it is."""
    return or_null(NUMBER) | {"description": description}


def _percent(description: str) -> Schema:
    return or_null({"type": "number", "minimum": 0, "maximum": 100}) | {"description": description}


def _told(description: str) -> Schema:
    return {"type": ["number", "string", "null"], "description": description}


TIER: Schema = {"type": "string", "enum": list(TIERS)}
MOMENT: Schema = {"type": "string", "format": "date-time"}
_CODES = "; ".join(f"{degraded.code}: {degraded.sentence.en}" for degraded in CODES)

ANSWER_SCHEMAS: Schema = {
    "Answer": record(recommendations=array(ref("Recommendation"))),
    "Recommendation": record(
        customer_id=TEXT,
        lifetime_value=ref("Money"),
        conversion=ref("Conversion"),
        churn=ref("Chance"),
        tier=or_null(ref("Tier")),
        reasons=record(**{score: or_null(ref("Reasons")) for score in ("lifetime_value", "conversion", "churn")})
        | {"description": "Null for a score that the customer does not have, and for somebody unknown."},
        indicators=or_null(ref("Indicators")) | {"description": "Null for somebody unknown."},
        actions=array(ref("Action"), "By falling priority; none without a tier."),
        service=or_null(ref("Service")),
        degraded=array(TEXT, f"Empty when the answer is whole. {_CODES}"),
        model_version=TEXT,
        plan_version=or_null(TEXT),
        playbook_version={**TEXT, "description": "The first 16 hex digits of the SHA-256 of the book's playbook."},
        cutoff=MOMENT,
    ),
    "Money": record(
        value={**NUMBER, "description": "Money expected within the horizon."},
        low=end("What comes lies between low and high 9 of 10 times; null where the model gives no interval."),
        high=end("The upper end of the 90 % interval."),
        low_80=end("What comes lies between low_80 and high_80 8 of 10 times."),
        high_80=end("The upper end of the 80 % interval."),
        currency=TEXT,
        horizon_days=DAYS,
        by_horizon=array(ref("Ahead"), HORIZONS),
    ),
    "Chance": record(
        value=or_null(SHARE),
        horizon_days=DAYS,
        by_horizon=array(ref("Ahead"), HORIZONS),
    ),
    "Conversion": record(
        value=or_null(SHARE) | {"description": "Null where the event had never happened when the model was trained."},
        horizon_days=DAYS,
        event_types=array(TEXT, "The conversion: an event of one of these types within the horizon."),
        by_horizon=array(ref("Ahead"), HORIZONS),
        expected_days=end("The median number of days to the conversion; null where it is beyond 730 or unknown."),
    ),
    "Ahead": record(
        horizon_days=DAYS,
        value=end("The score for this horizon, in its unit; null where the score itself is."),
    ),
    "Tier": record(
        name=TIER,
        policy={"type": "string", "enum": [policy.name for policy in POLICIES]},
        **{"class": or_null(record(name=TEXT, title=TEXT)) | {"description": "That of a rule model."}},
        why=TEXT,
        criteria=array(ref("Criterion"), "What decided the tier."),
        next_up=or_null(ref("Neighbour")),
        next_down=or_null(ref("Neighbour")),
        probabilities=or_null({"type": "object", "additionalProperties": SHARE})
        | {"description": "By tier: where customers who stood like this one a review (30 days) ago are today."},
        by_policy=TIER | {"description": "What the policy alone says, without a past and without anybody's hand."},
        held={"type": "boolean", "description": "Kept: the policy is not sure enough of another tier."},
        override=or_null(ref("SetByHand")),
    ),
    "Criterion": record(
        input=TEXT,
        title=TEXT,
        value=or_null(NUMBER) | {"description": "Null where the customer has none."},
        unit={"type": "string", "enum": list(UNITS)},
        grade=or_null(TEXT),
        text=TEXT,
    ),
    "Neighbour": record(
        name=TIER,
        conditions=array(ref("Condition"), "All of them together lead there."),
        text=TEXT,
        regret=or_null(NUMBER)
        | {"description": "Money lost were the customer served there now, net of what seats and hours are worth."},
    ),
    "Condition": record(
        input=TEXT,
        title=TEXT,
        value={**NUMBER, "description": "Where the tiers part."},
        difference=or_null(NUMBER) | {"description": "How far the customer is from there; null without a value."},
        unit={"type": "string", "enum": list(UNITS)},
    ),
    "SetByHand": record(tier=TIER, by=TEXT, reason=TEXT, starts=MOMENT, expires=MOMENT),
    "Reasons": record(
        base_value={**NUMBER, "description": "The model's starting point; it and all groups add up to the score."},
        base_shown=TEXT,
        score_shown=TEXT,
        unit={"type": "string", "examples": ["USD", "probability"]},
        text=TEXT,
        groups=array(ref("ReasonGroup"), "Every group that contributes anything, by falling size."),
    ),
    "ReasonGroup": record(
        group={"type": "string", "enum": [group.name for group in GROUPS]},
        title=TEXT,
        contribution={**NUMBER, "description": "The group's share of the score, in the unit of the score."},
        shown={**TEXT, "description": "As printed; printed figures add up to the last digit too."},
        text=TEXT,
        features=array(ref("Reason"), "The strongest features of the group, by falling size."),
        rest={**NUMBER, "description": "What all other features of the group contribute."},
        rest_shown=TEXT,
    ),
    "Reason": record(
        feature=TEXT,
        value=_told("The customer's value; a level by its name; null where there is none."),
        typical=_told("The median of the book; null where there is none."),
        unit={"type": "string", "enum": list(UNITS), "description": "Of `value` and `typical`."},
        contribution={**NUMBER, "description": "The feature's share of the score, in the unit of the score."},
        shown=TEXT,
        fact={**TEXT, "description": "What was seen."},
        text={**TEXT, "description": "What was seen, and what it does to the score."},
    ),
    "Indicators": record(
        value_parts=ref("ValueParts"),
        health=ref("Health"),
        risks=array(ref("Risk"), "Every rule of the risk scan, whatever it found."),
    ),
    "ValueParts": record(
        current_value=end("What the customer brought in the last 365 days, before service cost."),
        growth_potential=end("How much more, or less, a year is expected to bring, after service cost."),
        strategic_value=_percent("By people's ratings alone; null where no rating is valid."),
        service_cost=end("Of the last 365 days; null where the book states no cost."),
        net_value=end("The current value less the service cost; may be negative."),
        currency=TEXT,
        text=TEXT,
    ),
    "Health": record(
        value=_percent("The weighted mean of the parts that can be told; null where none can."),
        parts=array(ref("HealthPart")),
        text=TEXT,
    ),
    "HealthPart": record(
        name={"type": "string", "enum": list(PARTS)},
        title=TEXT,
        value=_percent("Null where it cannot be told."),
        weight=SHARE | {"description": "Its share of the whole; the shares of what can be told add up to 1."},
    ),
    "Risk": record(
        name={"type": "string", "enum": list(RULES)},
        title=TEXT,
        level={"type": "string", "enum": [*LEVELS, UNKNOWN]},
        text=TEXT,
        evidence=array(ref("Evidence"), "What was seen; empty unless the level is watch or alert."),
    ),
    "Evidence": record(feature=TEXT, value=NUMBER, text=TEXT),
    "Action": record(
        name=TEXT,
        owner=TEXT,
        within_days=or_null(DAYS) | {"description": "Null where nothing is to be done by a day."},
        text=TEXT,
        priority={
            "type": "number",
            "minimum": 0,
            "description": "Money at stake times urgency, in the currency: sorts the actions of all customers.",
        },
        because={**TEXT, "description": "Why it is called for."},
        channel=or_null(TEXT) | {"description": "Null for a task that does not reach the customer."},
    ),
    "Service": record(
        sla=record(response_hours=COUNT, channels=array(TEXT), scope=TEXT),
        contact_every_days=DAYS,
        channel=TEXT,
        fatigue=record(
            touches=COUNT,
            days=DAYS,
            counted={"type": "integer", "minimum": 0, "description": "Our contacts in the last `days` days."},
            until=or_null({"type": "string", "format": "date"})
            | {"description": "Where the cap is reached, the first day with room for another contact."},
        ),
        owner_role=TEXT,
        content=record(depth=TEXT, form=TEXT),
        frozen={"type": "boolean", "description": "Shelved: no active follow-up until the customer acts."},
        text=TEXT,
    ),
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "request_id": TEXT,
            "errors": array(record(path=TEXT, message=TEXT)),
        },
        "required": ["type", "title", "status", "detail", "request_id"],
        "additionalProperties": False,
    },
}
