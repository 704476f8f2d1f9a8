"""What a company is known for: country, industry, account manager, contacts, terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.simulation.goods import CATEGORIES, INDUSTRIES
from data.simulation.latent import Latent
from data.simulation.world import World

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Country:
    """A country as systems write it: code, English and Chinese name, usual legal form."""

    code: str
    english: str
    chinese: str
    form: str


COUNTRIES: tuple[tuple[Country, ...], ...] = (  # by region
    (
        Country("DE", "Germany", "德国", "GmbH"),
        Country("FR", "France", "法国", "SARL"),
        Country("IT", "Italy", "意大利", "S.r.l."),
        Country("ES", "Spain", "西班牙", "S.L."),
        Country("NL", "Netherlands", "荷兰", "B.V."),
        Country("PL", "Poland", "波兰", "Sp. z o.o."),
        Country("GB", "UK", "英国", "Ltd"),
    ),
    (
        Country("US", "USA", "美国", "Inc."),
        Country("CA", "Canada", "加拿大", "Corp."),
        Country("MX", "Mexico", "墨西哥", "S.A. de C.V."),
    ),
    (
        Country("JP", "Japan", "日本", "K.K."),
        Country("KR", "Korea", "韩国", "Co., Ltd."),
        Country("SG", "Singapore", "新加坡", "Pte. Ltd."),
        Country("HK", "Hong Kong", "香港", "Ltd"),
        Country("IN", "India", "印度", "Pvt. Ltd."),
    ),
    (
        Country("AE", "UAE", "阿联酋", "LLC"),
        Country("SA", "Saudi Arabia", "沙特", "LLC"),
        Country("ZA", "South Africa", "南非", "(Pty) Ltd"),
    ),
    (
        Country("BR", "Brazil", "巴西", "Ltda."),
        Country("CL", "Chile", "智利", "SpA"),
        Country("PE", "Peru", "秘鲁", "S.A.C."),
    ),
)
MANAGERS = ("Chen Jie", "Li Na", "Liu Yang", "Sun Mei", "Wang Fang", "Wu Di", "Zhang Wei", "Zhao Lei")
TERMS = (0, 30, 60, 90)  # days to pay
TERM_SHARES = (0.25, 0.40, 0.25, 0.10)
MOST_CONTACTS = (2, 3, 5, 7)  # by size


@dataclass(frozen=True, slots=True)
class Companies:
    """One entry per customer of a chunk."""

    country: tuple[Country, ...]
    industry: Ints
    favourite: Ints
    manager: Ints
    contacts: Ints
    terms: Ints
    since: Ints  # day of the first business, before the records began for customers taken over


def draw_companies(world: World, chunk: int, latent: Latent) -> Companies:
    """The profile of every customer of a chunk."""
    rng, count = world.generator(chunk, "profile"), len(latent)
    head = latent.group - world.members(chunk).start
    nation = rng.random(count)
    country = tuple(
        COUNTRIES[region][int(share * len(COUNTRIES[region]))]
        for region, share in zip(latent.region, nation, strict=True)
    )
    years_before = np.where((latent.born < 10) & (latent.start > 0), rng.integers(0, 2_500, count), 0)
    return Companies(
        country=country,
        industry=rng.integers(0, len(INDUSTRIES), count)[head],
        favourite=rng.integers(0, len(CATEGORIES), count),
        manager=(latent.region * 2 + rng.integers(0, 2, count)) % len(MANAGERS),
        contacts=rng.integers(1, np.array(MOST_CONTACTS)[latent.size] + 1),
        terms=np.array(TERMS)[rng.choice(len(TERMS), count, p=TERM_SHARES)],
        since=latent.born - years_before,
    )
