"""The whole book at a glance: tiers, the RFM board, flows, movers, the funnel, two rates and what drives the scores."""
