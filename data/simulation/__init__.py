"""A simulated exporter's trade, with the truth behind it. The rules below were set before any model saw the data.

**Customers** are companies abroad that enter the records over four years (2021 to 2024), a quarter of them at
the beginning, taken over in any state. Each has a latent quality, size, region, pace, mean order and growth
(`latent.py`). A lead browses, inquires, gets a quote, perhaps a sample, and orders or is lost; who has ordered
rests, waits, prepares the next order, may fall quiet, wake, or leave and seldom return; many leave after their
first order (`chain.py`). Each day a customer makes at most one move. Its probability is the customer's own rate,
times the season for moves towards an order (Chinese New Year, August, autumn, weekends: `season.py`), times the
lift of care where an account manager gives it (`trajectory.py`). Orders are log-normal around a mean that grows
or shrinks from year to year.

**Traces**: visits, reading, inquiries, quotes, samples, mails, answers, calls, meetings, tickets and surveys come
more or less often by state (`contacts.py`), so that order, pace and combination tell what counting does not.
Orders have lines; some are posted late; some are credited; they are paid late by temper (`orders.py`). Files hold
what was known by the last day. Companies have a record in up to three systems, in Latin and Chinese script, are
units of groups, and some carry another company's name with "Trading" and have nothing to do with it (`names.py`).

**Truth** (`truth.py`) is the exact expectation over the same moves, not one realisation. A customer's care is
drawn each quarter with the propensity that `service.parquet` tells; for three in ten by lot.

What such a world must look like (the tests hold it, and what 10,000 customers of seed 7 give):

| what | range | here |
|---|---|---|
| share of all money that the top 20 % of buyers bring | 60–85 % | 77 % |
| share of buyers that never order twice | 30–60 % | 37 % |
| share of leads that order within a year of entering | 5–20 % | 15 % |
| days between orders, middle eight of ten | 7–180 | 13–121, median 41 |
| orders a day around Chinese New Year, against the rest of the year | 20–60 % | 27 % |
| orders a day in August, Europe, against the rest of the year | 30–80 % | 46 % |
| orders posted late | 2–8 % | 3.9 % |
| orders with a credit note | 2–10 % | 4.9 % |
| payments after the due date | 15–50 % | 36 % |
| events per customer | 60–200 | 131 |

A folder holds `trade-events-*.parquet`, `trade-companies-*.parquet`, `trade-ratings-*.parquet` (what the book
`trade` reads), `trade-records-*.parquet` (record_id, system, name, country, domain: what the systems call the
companies; events name their record) and, in `truth/`, three tables that only evaluation may read.
"""
