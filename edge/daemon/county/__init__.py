"""The daemon's side of all that concerns the county."""
