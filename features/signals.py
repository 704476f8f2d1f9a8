"""The signals of a book as features, and as the table that the compiled matcher reads."""

from collections.abc import Sequence

import numpy as np

from data.events import ROLES
from data.hashing import hash_text
from data.settings.signals import FILTERED, MOST_STEPS, Signal
from features.feature import Feature, Words
from features.kernel.columns import Ints
from features.kernel.desk import SignalTable


def features_of(signal: Signal) -> tuple[Feature, Feature, Feature]:
    """The three columns of a signal: times so far, times within its window, days since the last time."""
    name, days, en, zh = f"signal_{signal.name}", signal.days, signal.words.en, signal.words.zh
    return (
        Feature(
            f"{name}_times",
            "signals",
            "count",
            Words(f'Signal "{en}" seen so far', f"信号“{zh}”迄今出现"),
            Words(f'Signal "{en}" seen so far', f"信号“{zh}”迄今出现"),
            Words(f'Signal "{en}" seldom seen so far', f"信号“{zh}”迄今很少出现"),
            zero=Words(f'Signal "{en}" never seen so far', f"信号“{zh}”从未出现"),
        ),
        Feature(
            f"{name}_{days}d",
            "signals",
            "count",
            Words(f'Signal "{en}" seen in the last {days} days', f"信号“{zh}”近{days}天出现"),
            Words(f'Signal "{en}" seen in the last {days} days', f"信号“{zh}”近{days}天出现"),
            Words(f'Signal "{en}" seldom seen in the last {days} days', f"信号“{zh}”近{days}天很少出现"),
            zero=Words(f'Signal "{en}" not seen in the last {days} days', f"信号“{zh}”近{days}天未出现"),
        ),
        Feature(
            f"{name}_age_days",
            "signals",
            "days",
            Words(f'Days since the last signal "{en}"', f"距最近一次信号“{zh}”的天数"),
            Words(f'The last signal "{en}" was longer ago than usual', f"最近一次信号“{zh}”早于一般客户"),
            Words(f'The last signal "{en}" was less long ago than usual', f"最近一次信号“{zh}”晚于一般客户"),
        ),
    )


def table_of(signals: Sequence[Signal]) -> SignalTable:
    """The signals as numbers; texts by their stable hashes."""
    count = len(signals)
    roles, texts = np.zeros((count, MOST_STEPS), np.int64), list[int]()
    filters = np.zeros((count, MOST_STEPS, len(FILTERED), 2), np.int64)
    for place, signal in enumerate(signals):
        for number, step in enumerate(signal.pattern):
            for role in step.role:
                roles[place, number] |= 1 << ROLES.index(role)
            for column, name in enumerate(FILTERED):
                hashes = [hash_text(text) for text in getattr(step, name)]
                filters[place, number, column] = len(texts), len(texts) + len(hashes)
                texts.extend(hashes)
    counted = [-1 if signal.distinct is None else FILTERED.index(signal.distinct) for signal in signals]
    return SignalTable(
        roles,
        (filters[..., 0] == filters[..., 1]).all(axis=2),
        np.array([len(signal.pattern) for signal in signals], np.int64),
        np.array([signal.days for signal in signals], np.int64),
        np.array(counted, np.int64),
        np.array([signal.least for signal in signals], np.int64),
        filters,
        np.array(texts, np.uint64),
        *waiting_by_role(roles),
    )


def waiting_by_role(roles: Ints) -> tuple[Ints, Ints]:
    """The signals that each role can move on, role after role, and where those of each begin."""
    each = [np.flatnonzero(((roles >> code) & 1).any(axis=1)) for code in range(len(ROLES))]
    return np.concatenate(each).astype(np.int64), np.cumsum([0, *map(len, each)], dtype=np.int64)
