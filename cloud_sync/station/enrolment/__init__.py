"""How a station becomes one of its county's, and stays it."""
