"""The shell around the core: one writer loop, pumps, actuation, printing, recovery, watchdog."""
