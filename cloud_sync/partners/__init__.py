"""Outside parties: for each a port, an adapter, and a simulated counterpart of its own process."""
