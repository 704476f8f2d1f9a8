"""Everything that one chunk of customers leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.simulation.company import draw_companies
from data.simulation.contacts import contacts
from data.simulation.names import draw_names
from data.simulation.orders import credit_notes, draw_orders, order_lines, payments
from data.simulation.profile import company_table, rating_table
from data.simulation.table import event_table
from data.simulation.trajectory import live
from data.simulation.truth import service_table, truth_table
from data.simulation.world import World


@dataclass(frozen=True, slots=True)
class Part:
    """The tables of one chunk: those that a book reads, and those that only evaluation reads."""

    events: pl.DataFrame
    companies: pl.DataFrame
    ratings: pl.DataFrame
    records: pl.DataFrame
    truth: pl.DataFrame
    identity: pl.DataFrame
    service: pl.DataFrame


def make_part(world: World, chunk: int) -> Part:
    """Simulates one chunk."""
    life = live(world, chunk)
    companies = draw_companies(world, chunk, life.latent)
    names = draw_names(world, chunk, life.latent, companies)
    orders = draw_orders(world, chunk, life)
    pieces = [
        order_lines(world, chunk, orders, companies),
        credit_notes(world, chunk, orders),
        payments(world, chunk, orders, companies, life.latent.patience),
        *contacts(world, chunk, life, companies),
    ]
    return Part(
        events=event_table(pieces, world, chunk, names),
        companies=company_table(world, life.latent, companies, names),
        ratings=rating_table(world, chunk, life.latent, companies, names),
        records=names.records,
        truth=truth_table(world, life, names),
        identity=names.identity,
        service=service_table(world, life, names),
    )
