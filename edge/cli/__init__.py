"""`cunyi`: the command line. Every error is one clear line and an exit code.

Exit codes: 0 done, 1 a check found something, 2 the command cannot be carried out.
"""

from edge.cli import county, devices, doctor, house, journal, station, twin
from edge.cli.app import app, main

__all__ = ["app", "county", "devices", "doctor", "house", "journal", "main", "station", "twin"]
