"""Which tests one process of a run does one after the other, because they share what is dear to make."""

from xdist.scheduler import LoadScopeScheduling

ENGINES = ("local:2", "dask:2", "spark:local[2]")


class Together(LoadScopeScheduling):
    """The tests of an engine, wherever they stand, and all other tests of a folder: large groups first.

    pytest-xdist's own groups are no groups with pytest 9: it appends their name where node ids are no longer read.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        return next((engine for engine in ENGINES if f"[{engine}" in test), file.rpartition("/")[0])
