"""The ladder of tiers, the highest first. A place is an index into it."""

from features.feature import Words

TIERS = ("diamond", "gold", "silver", "bronze")
LOWEST = len(TIERS) - 1

NAMES: dict[str, Words] = {
    "diamond": Words("diamond", "钻石"),
    "gold": Words("gold", "金牌"),
    "silver": Words("silver", "银牌"),
    "bronze": Words("bronze", "铜牌"),
}
