"""Somebody who guesses pickup codes, day after day, at the real core of a station (A01, E10)."""
