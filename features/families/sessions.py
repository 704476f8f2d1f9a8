"""Sessions: runs of events with less than a day between one and the next."""

from features.feature import Family, Feature, Words

SESSION_WINDOWS = (30, 91)


def sessions_in(days: int) -> Feature:
    """Sessions that ended in the last `days` calendar days."""
    return Feature(
        f"sessions_{days}d",
        "sessions",
        "count",
        Words(f"Bursts of activity that ended in the last {days} days", f"近{days}天内结束的活动时段数"),
        Words(f"Many bursts of activity in the last {days} days", f"近{days}天活动时段多"),
        Words(f"Few or no bursts of activity in the last {days} days", f"近{days}天活动时段少或没有"),
    )


SESSIONS = Family(
    "sessions",
    Words("Bursts of activity", "活动时段"),
    (
        Feature(
            "sessions",
            "sessions",
            "count",
            Words(
                "Bursts of activity so far; runs of events with at most a day between them",
                "迄今的活动时段数（相邻事件间隔不超过一天为同一时段）",
            ),
            Words("Many bursts of activity", "活动时段多"),
            Words("Few bursts of activity", "活动时段少"),
        ),
        *(sessions_in(days) for days in SESSION_WINDOWS),
        Feature(
            "session_depth",
            "sessions",
            "ratio",
            Words("Mean number of events in a burst of activity", "每个活动时段的平均事件数"),
            Words("Does much in one go", "单个时段内活动多"),
            Words("Does little in one go", "单个时段内活动少"),
        ),
        Feature(
            "deepest_session_events",
            "sessions",
            "count",
            Words("Events in the largest burst of activity", "最密集活动时段的事件数"),
            Words("The largest burst of activity had many events", "最密集活动时段的事件多"),
            Words("The largest burst of activity had few events", "最密集活动时段的事件少"),
        ),
        Feature(
            "last_session_events",
            "sessions",
            "count",
            Words("Events in the latest burst of activity", "最近一个活动时段的事件数"),
            Words("Much activity in the latest burst", "最近时段活动多"),
            Words("Little activity in the latest burst", "最近时段活动少"),
        ),
        Feature(
            "last_session_gap_days",
            "sessions",
            "days",
            Words("Days of quiet before the latest burst of activity", "最近一个活动时段之前的安静天数"),
            Words("The latest burst came after a long quiet", "最近时段之前沉寂较久"),
            Words("The latest burst came after a short quiet", "最近时段之前沉寂较短"),
        ),
    ),
)
