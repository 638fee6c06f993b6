"""Trips: manifests, the route table, and what became of each bag."""
