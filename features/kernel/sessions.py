"""Sessions: runs of tokens with at most a day between one and the next."""

from features.families.sessions import SESSION_WINDOWS
from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, DAY, NEVER, Floats, Records, columns
from features.kernel.pieces import piece

SESSIONS_IN = columns(*(f"sessions_{days}d" for days in SESSION_WINDOWS))
QUIET = DAY  # (ours) a longer pause ends a session


@piece
def sessions(row: Floats, tokens: Records) -> None:
    """Writes the family "sessions"."""
    count = depth = deepest = 0
    gap = NEVER
    for k in range(len(SESSION_WINDOWS)):
        row[SESSIONS_IN[k]] = 0
    for k in range(len(tokens)):
        if k == 0 or tokens[k].time - tokens[k - 1].time > QUIET:
            gap = days_between(tokens[k - 1].time, tokens[k].time) if k > 0 else NEVER
            count += 1
            depth = 0
        depth += 1
        deepest = depth if depth > deepest else deepest
        if k == len(tokens) - 1 or tokens[k + 1].time - tokens[k].time > QUIET:
            for window in range(len(SESSION_WINDOWS)):
                row[SESSIONS_IN[window]] += tokens[k].age < SESSION_WINDOWS[window]
    row[AT.sessions] = count
    row[AT.session_depth] = ratio(len(tokens), count)
    row[AT.deepest_session_events] = deepest
    row[AT.last_session_events] = depth
    row[AT.last_session_gap_days] = gap
