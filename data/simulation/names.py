"""One company under several names: what the web shop, the CRM and the purchasing system call it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.hashing import mix
from data.simulation.company import Companies, Country
from data.simulation.latent import Latent
from data.simulation.world import World

SYLLABLES: dict[str, str] = {
    **{"al": "阿", "an": "安", "ar": "亚", "bel": "贝", "ber": "伯", "bo": "博", "bran": "布", "cal": "卡"},
    **{"cor": "科", "da": "达", "del": "德", "dor": "多", "ek": "艾", "el": "尔", "fal": "法", "fer": "菲"},
    **{"fin": "芬", "gal": "加", "gen": "根", "gor": "戈", "hal": "哈", "hel": "赫", "hol": "霍", "in": "英"},
    **{"jor": "乔", "ka": "凯", "kel": "克", "kor": "柯", "lan": "兰", "lin": "林", "lor": "洛", "mar": "马"},
    **{"mel": "梅", "mon": "蒙", "nor": "诺", "nel": "内", "ol": "奥", "or": "欧", "pal": "帕", "per": "佩"},
    **{"pol": "波", "ral": "拉", "rin": "瑞", "ros": "罗", "sal": "萨", "sen": "森", "sol": "索", "stan": "斯"},
    **{"tal": "塔", "tel": "泰", "tor": "托", "ul": "乌", "val": "瓦", "ven": "文", "vik": "维", "vol": "沃"},
    **{"wal": "华", "wes": "韦", "yor": "约", "zan": "赞"},
}
UNITS = (("", ""), (" Services", "服务"), (" Systems", "系统"), (" Components", "零部件"), (" Logistics", "物流"))
STRIDE = 99_991  # coprime to the number of stems, so that neighbours have unlike names
TRAP = 0.06  # share of companies that carry another company's name with "Trading"
KNOWN_DOMAIN = 0.7
ABSENT = (0.3, 0.0, 0.0)  # share of customers without a record in web, CRM, ERP


@dataclass(frozen=True, slots=True)
class Names:
    """Of one chunk: the ids of its customers, the record of each customer in each system, position
    customer × 3 + system (a customer without a web record is found under the CRM's), and the records' table
    (record_id, system, name, country, domain) and truth (record_id, customer_id, group_id)."""

    customer_ids: pl.Series
    record_of: pl.Series
    records: pl.DataFrame
    identity: pl.DataFrame


def draw_names(world: World, chunk: int, latent: Latent, companies: Companies) -> Names:
    """The names of every customer of a chunk."""
    rng, members = world.generator(chunk, "names"), world.members(chunk)
    count = len(members)
    owner = _stem_owners(rng, latent.group)
    style, absent = rng.random((count, 3)), rng.random((count, 3)) < ABSENT
    domains = rng.random((count, 3)) < KNOWN_DOMAIN
    absent[:, 0] &= ~absent[:, 1]
    ids = _record_ids(world, members)
    customer_ids = [f"C{number:07d}" for number in members]
    rows = []
    for i in range(count):
        latin, chinese = stem_of(int(owner[i]))
        trap = owner[i] != latent.group[i]
        unit = UNITS[min(int(members[i] - latent.group[i]), len(UNITS) - 1)]
        spoken = names_of(latin + unit[0], chinese + unit[1], companies.country[i], style[i], trap=trap)
        domain = f"{latin.lower()}{'-trading' if trap else ''}.com"
        for system in np.flatnonzero(~absent[i]):
            shown = domain if domains[i, system] else None
            row = (ids[i][system], SYSTEM_NAMES[system], spoken[system], companies.country[i].code, shown)
            rows.append((*row, customer_ids[i], f"G{latent.group[i]:07d}"))
    columns = ["record_id", "system", "name", "country", "domain", "customer_id", "group_id"]
    table = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row").sort("record_id")
    found = [ids[i][1] if absent[i, system] else ids[i][system] for i in range(count) for system in range(3)]
    return Names(
        customer_ids=pl.Series("customer_id", customer_ids),
        record_of=pl.Series("record_id", found),
        records=table.select(columns[:5]),
        identity=table.select("record_id", "customer_id", "group_id"),
    )


SYSTEM_NAMES = ("web", "crm", "erp")


def stem_of(group: int) -> tuple[str, str]:
    """The name of a group in Latin and in Chinese script; no two groups share one."""
    pairs, size = tuple(SYLLABLES.items()), len(SYLLABLES)
    rest = group * STRIDE % size**3
    chosen = [rest % size, rest // size % size, rest // size**2]
    if group >= size**3:
        chosen.append(group // size**3 % size)
    latin, chinese = ("".join(pairs[number][script] for number in chosen) for script in (0, 1))
    return latin.capitalize(), chinese


def names_of(latin: str, chinese: str, country: Country, style: np.ndarray, *, trap: bool) -> tuple[str, str, str]:
    """What web, CRM and ERP call a company; `style` (3,) in [0, 1) chooses the spelling in each."""
    if trap:
        trading = f"{latin} Trading ({country.code})"
        return trading, f"{latin.upper()} TRADING {country.code}", f"{latin}贸易({country.chinese})"
    web = (f"{latin} {country.form}", f"{latin.lower()} {country.form.lower()}", latin)
    crm = (f"{latin.upper()} {country.english}", f"{latin} {country.english}", f"{latin} ({country.code})")
    erp = (f"{latin}{country.chinese}分公司", f"{chinese}{country.chinese}有限公司", f"{chinese}（{country.chinese}）")
    return web[int(style[0] * 3)], crm[int(style[1] * 3)], erp[int(style[2] * 3)]


def _stem_owners(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """The group whose stem each company carries: its own, or for traps that of an earlier group of the chunk."""
    alone = np.bincount(group - group[0])[group - group[0]] == 1
    trap = alone & (rng.random(len(group)) < TRAP)
    earlier = (rng.random(len(group)) * np.arange(len(group))).astype(np.int64)
    return np.where(trap, group[earlier], group)


def _record_ids(world: World, members: range) -> list[list[str]]:
    """Ids that tell nothing: a bijection of seed, customer and system; no two are equal within a world."""
    numbers = np.arange(members.start * 3, members.stop * 3, dtype=np.uint64) + np.uint64(world.seed % 2**20 << 40)
    texts = [f"R{value:016x}" for value in mix(numbers)]
    return [texts[start : start + 3] for start in range(0, len(texts), 3)]
