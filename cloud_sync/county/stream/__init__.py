"""The state stream: what holds at a station from now on, said until it is stored there."""
