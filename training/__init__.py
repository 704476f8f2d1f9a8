"""Labels, snapshots, models and the bundle that holds everything a model version needs."""
