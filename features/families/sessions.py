"""Sessions: runs of events with less than a day between one and the next."""

from features.feature import Family, Feature, Words

SESSION_WINDOWS = (30, 91)


def sessions_in(days: int) -> Feature:
    """Sessions that ended in the last `days` calendar days."""
    return Feature(
        f"sessions_{days}d",
        "sessions",
        "count",
        Words(f"Spells of contact that ended in the last {days} days", f"近{days}天内结束的往来时段数"),
        Words(f"Many spells of contact ended in the last {days} days", f"近{days}天往来时段多"),
        Words(f"Few spells of contact ended in the last {days} days", f"近{days}天往来时段少"),
        zero=Words(f"No spell of contact ended in the last {days} days", f"近{days}天没有结束的往来时段"),
    )


SESSIONS = Family(
    "sessions",
    Words("Spells of contact", "往来时段"),
    (
        Feature(
            "sessions",
            "sessions",
            "count",
            Words(
                "Spells of contact so far; runs of events with at most a day between them",
                "迄今的往来时段数（相邻事件间隔不超过一天为同一时段）",
            ),
            Words("Many spells of contact", "往来时段多"),
            Words("Few spells of contact", "往来时段少"),
        ),
        *(sessions_in(days) for days in SESSION_WINDOWS),
        Feature(
            "session_depth",
            "sessions",
            "ratio",
            Words("Mean number of events in a spell of contact", "每个往来时段的平均事件数"),
            Words("Does much in one go", "单个时段内往来多"),
            Words("Does little in one go", "单个时段内往来少"),
        ),
        Feature(
            "deepest_session_events",
            "sessions",
            "count",
            Words("Events in the largest spell of contact", "最密集往来时段的事件数"),
            Words("The largest spell of contact had many events", "最密集往来时段的事件多"),
            Words("The largest spell of contact had few events", "最密集往来时段的事件少"),
        ),
        Feature(
            "last_session_events",
            "sessions",
            "count",
            Words("Events in the latest spell of contact", "最近一个往来时段的事件数"),
            Words("Much happened in the latest spell of contact", "最近时段往来多"),
            Words("Little happened in the latest spell of contact", "最近时段往来少"),
        ),
        Feature(
            "last_session_gap_days",
            "sessions",
            "days",
            Words("Days of quiet before the latest spell of contact", "最近一个往来时段之前的安静天数"),
            Words("The latest spell of contact came after a long quiet", "最近时段之前沉寂较久"),
            Words("The latest spell of contact came after a short quiet", "最近时段之前沉寂较短"),
        ),
    ),
)
