"""When we keep quiet: the fatigue cap, and the freeze rule 冷藏库."""

from dataclasses import dataclass
from datetime import date

from data.clock import EPOCH
from features.feature import Words
from serving.figures import Language, said
from serving.playbook.answer import Fatigue
from serving.playbook.contacts import Contacts
from serving.playbook.rows import ServiceRow

TIRED = Words(
    "Contacted {counted} times in the last {days} days (at most {touches}): no further contact of ours before {until}. "
    "What the customer asks is answered within {hours} hours.",
    "近 {days} 天已联系 {counted} 次（上限 {touches} 次）：{until} 之前不再主动联系。"
    "客户的来询仍在 {hours} 小时内答复。",
)
SHELVED = Words(
    "Shelved: {attempts} contacts without an answer, the last on {day}. No active follow-up until the customer acts; "
    "self-service stays open, and what the customer asks is answered within {hours} hours.",
    "已转入冷藏库：连续 {attempts} 次联系无回应，最近一次为 {day}。客户有所行动之前不再主动跟进；"
    "自助服务照常开放，客户的来询仍在 {hours} 小时内答复。",
)
BUT_RETENTION = Words(" Only the retention goes ahead.", "仅挽留任务照常进行。")


@dataclass(frozen=True, slots=True)
class Hold:
    """How much room there is for contacts of ours; `note` says why there is none."""

    fatigue: Fatigue
    room: int
    frozen: bool
    note: str

    @property
    def name(self) -> str:
        """What the action of keeping quiet is called."""
        return "shelved" if self.frozen else "wait"


def hold_of(row: ServiceRow, contacts: Contacts, language: Language) -> Hold:
    """The room that the service of a customer's tier and class leaves after these contacts."""
    cap = row.fatigue
    counted = contacts.touched_within(cap.days)
    room = max(0, cap.touches - counted)
    until = None if room else _iso(contacts.room_from(cap.touches, cap.days))
    frozen = row.freeze is not None and contacts.given_up(**row.freeze.model_dump()) is not None
    note = ""
    if frozen:
        note = said(SHELVED, language).format(
            attempts=contacts.unanswered, day=_iso(contacts.touches[-1]), hours=row.sla.response_hours
        )
    elif not room:
        note = said(TIRED, language).format(
            counted=counted, days=cap.days, touches=cap.touches, until=until, hours=row.sla.response_hours
        )
    return Hold(Fatigue(cap.touches, cap.days, counted, until), 0 if frozen else room, frozen, note)


def _iso(day: int) -> str:
    return date.fromordinal(EPOCH.toordinal() + day).isoformat()
