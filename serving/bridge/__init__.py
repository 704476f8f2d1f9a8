"""Why a customer's scores and tier changed between two recommendations: four replays of the same path."""
