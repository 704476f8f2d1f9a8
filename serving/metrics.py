"""What the service counts, for Prometheus; every label has a handful of values."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of one service, refusals included."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("tierwise_requests", "Requests answered", ("path", "status"), registry=self.registry)
        self.seconds = Histogram(
            "tierwise_request_seconds", "Time to answer", ("path",), buckets=SECONDS, registry=self.registry
        )
        self.in_flight = Gauge(
            "tierwise_requests_in_flight",
            "Requests at work",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

        self.explanations = Counter(
            "tierwise_explanations", "Recommendations whose reasons were added up", ("sum",), registry=self.registry
        )

    def explained(self, exact: int, off: int) -> None:
        """Counts recommendations whose reasons are, and are not, the scores they explain."""
        self.explanations.labels("exact").inc(exact)
        self.explanations.labels("off").inc(off)

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Counts one answer; `path` is one of the served paths, or `other`."""
        self.requests.labels(path, str(status)).inc()
        self.seconds.labels(path).observe(seconds)

    def exposition(self) -> bytes:
        """The counts in Prometheus' text format; those of all workers where there are several."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)
