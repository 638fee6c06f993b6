"""Backups, and up to where a station may forget."""
