"""Numbers for whoever watches the county: one registry, no process-wide state."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class CountyMetrics:
    """Counters and gauges of one county; names follow Prometheus custom."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.facts = Counter("cunyi_county_facts", "Facts committed", registry=self.registry)
        self.parked = Counter(
            "cunyi_county_parked", "Facts kept raw, not understood", registry=self.registry
        )
        self.forks = Counter(
            "cunyi_county_forks", "Sightings of a second history", registry=self.registry
        )
        self.dropped = Counter(
            "cunyi_county_dropped", "Messages that changed nothing", ["why"], registry=self.registry
        )
        self.commit_seconds = Histogram(
            "cunyi_county_ingest_seconds",
            "Time from taking a message up to its answer",
            buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self.registry,
        )
        self.online = Gauge(
            "cunyi_county_stations_online", "Stations heard of just now", registry=self.registry
        )
        self.known = Gauge(
            "cunyi_county_stations_known", "Stations of this county", registry=self.registry
        )
        self.link_up = Gauge(
            "cunyi_county_link_up", "1 while the broker answers", registry=self.registry
        )

    def text(self) -> bytes:
        """Prometheus text format."""
        return generate_latest(self.registry)
