"""Scanners of every kind: hold a code before them."""
