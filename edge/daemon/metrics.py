"""Numbers for whoever watches: one registry a station, no process-wide state."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class StationMetrics:
    """Counters and gauges of one station; names follow Prometheus custom."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.facts = Counter(
            "cunyi_facts", "Facts committed to the journal", ["kind"], registry=self.registry
        )
        self.commit_seconds = Histogram(
            "cunyi_commit_seconds",
            "Time from decision to durable commit",
            buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self.registry,
        )
        self.unreadable_scans = Counter(
            "cunyi_unreadable_scans", "Scans that were no code of ours", registry=self.registry
        )
        self.waiting = Gauge(
            "cunyi_facts_waiting", "Facts not yet committed at the county", registry=self.registry
        )
        self.link_up = Gauge("cunyi_link_up", "1 while the county answers", registry=self.registry)
        self.device_present = Gauge(
            "cunyi_device_present", "1 while a device answers", ["device"], registry=self.registry
        )
        self.doors = Gauge(
            "cunyi_doors", "How many doors are in this state", ["door"], registry=self.registry
        )
        self.bad_frames = Gauge(
            "cunyi_bad_frames", "Unreadable frames so far", ["device"], registry=self.registry
        )
        self.prints_waiting = Gauge(
            "cunyi_prints_waiting", "Slips not yet on paper", registry=self.registry
        )
        self.labels_waiting = Gauge(
            "cunyi_labels_waiting", "Labels not yet out", registry=self.registry
        )

    def text(self) -> bytes:
        """Prometheus text format."""
        return generate_latest(self.registry)
