"""The files that describe companies: what the CRM knows of them, and what people think of them."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.company import MANAGERS, Companies
from data.simulation.goods import INDUSTRIES
from data.simulation.latent import SIZES, Latent
from data.simulation.names import Names
from data.simulation.season import REGIONS
from data.simulation.table import DAY
from data.simulation.world import World

Ints = NDArray[np.int64]

RATED = 0.35  # share of customers that their account manager has rated
RATED_ANEW = 0.6  # share of the rated who are rated again, about a year after each time
YEARLY = (300, 430)
VALID_DAYS = 365
RATINGS = {  # weight of the true quality in a rating, and of the size
    "strategic_fit": (0.5, 0.4),
    "reference_value": (0.1, 0.6),
    "cultural_fit": (0.3, 0.0),
    "demand_fit": (0.8, 0.0),
}


def company_table(world: World, latent: Latent, companies: Companies, names: Names) -> pl.DataFrame:
    """One row a company, known from the start of the day on which it enters the records."""
    return pl.DataFrame(
        {
            "customer_id": names.customer_ids,
            "known_time": _instants(latent.born, world),
            "country": [country.code for country in companies.country],
            "region": pl.Series(REGIONS).gather(latent.region),
            "industry": pl.Series(INDUSTRIES).gather(companies.industry),
            "size": pl.Series(SIZES).gather(latent.size),
            "account_manager": pl.Series(MANAGERS).gather(companies.manager),
            "customer_since": _dates(companies.since, world),
            "contacts": companies.contacts,
            "payment_terms": companies.terms,
        }
    )


def rating_table(world: World, chunk: int, latent: Latent, companies: Companies, names: Names) -> pl.DataFrame:
    """The ratings of 1 to 5 that account managers have given, with owner, date and expiry."""
    rng, given, share = world.generator(chunk, "surveys"), np.arange(len(latent)), RATED
    day = latent.born + rng.integers(10, 400, len(latent))
    rounds = []
    while len(given):
        given = given[(rng.random(len(latent)) < share)[given] & (day[given] < world.days)]
        noise = rng.normal(size=(len(RATINGS), len(latent)))
        rounds.append(_ratings(world, given, day[given], noise[:, given], latent, companies, names))
        day, share = day + rng.integers(*YEARLY, len(latent)), RATED_ANEW
    return pl.concat(rounds)


def _ratings(
    world: World,
    given: Ints,
    day: Ints,
    noise: NDArray[np.float64],
    latent: Latent,
    companies: Companies,
    names: Names,
) -> pl.DataFrame:
    """What is said on those days of the customers at these positions."""
    ratings = {}
    for (name, (of_quality, of_size)), error in zip(RATINGS.items(), noise, strict=True):
        seen = 3.0 + of_quality * latent.quality[given] + of_size * (latent.size[given] - 1.0) + 0.7 * error
        ratings[name] = np.clip(np.rint(seen), 1, 5).astype(np.int64)
    return pl.DataFrame(
        {
            "customer_id": names.customer_ids.gather(given),
            "rated_on": _instants(day, world),
            "rated_by": pl.Series(MANAGERS).gather(companies.manager[given]),
            **ratings,
            "ratings_expire": _dates(day + VALID_DAYS, world),
        }
    )


def _instants(days: np.ndarray, world: World) -> pl.Series:
    return pl.Series(days * DAY * 1_000_000 + world.epoch).cast(pl.Datetime("us", "UTC"))


def _dates(days: np.ndarray, world: World) -> pl.Series:
    return pl.Series((days + world.epoch_day).astype(np.int32)).cast(pl.Date)
