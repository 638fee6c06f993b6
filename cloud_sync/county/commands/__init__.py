"""Live commands: what an operator asks of one station now, once, or never."""
