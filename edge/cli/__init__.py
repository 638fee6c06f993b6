"""`cunyi`: the command line. Every error is one clear line and an exit code.

Exit codes: 0 done, 1 a check found something, 2 the command cannot be carried out.
"""

from edge.cli import (
    county,
    county_accounts,
    county_audit,
    county_board,
    county_broker,
    county_care,
    county_commands,
    county_complaints,
    county_keys,
    county_people,
    county_say,
    county_trips,
    couriers,
    devices,
    doctor,
    enrol_county,
    enrol_station,
    house,
    journal,
    simulate,
    station,
    sync,
    twin,
)
from edge.cli.app import app, main

__all__ = [
    "app",
    "county",
    "county_accounts",
    "county_audit",
    "county_board",
    "county_broker",
    "county_care",
    "county_commands",
    "county_complaints",
    "county_keys",
    "county_people",
    "county_say",
    "county_trips",
    "couriers",
    "devices",
    "doctor",
    "enrol_county",
    "enrol_station",
    "house",
    "journal",
    "main",
    "simulate",
    "station",
    "sync",
    "twin",
]
