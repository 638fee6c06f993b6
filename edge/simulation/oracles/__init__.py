"""Judges who see a world from outside, and never ask the code under test."""
