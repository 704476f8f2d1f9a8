"""How fast scores are explained: beside LightGBM's own contributions, for many customers and for one."""
