"""Who belongs to this county: its own keys, its certificate authority, and the stations' keys."""
