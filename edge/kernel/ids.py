"""Names of things: every identifier has its own type, so that no two can be swapped."""

import re
from typing import Final, NewType

StationId = NewType("StationId", str)
CountyId = NewType("CountyId", str)
CellId = NewType("CellId", int)
WaybillNo = NewType("WaybillNo", str)
SlotCode = NewType("SlotCode", str)
"""A place outside the steel as it is painted there: B-3-407 on a shelf, 地2 on the floor."""
PhoneTail = NewType("PhoneTail", str)
KeeperId = NewType("KeeperId", str)
AuthId = NewType("AuthId", str)
"""One authorisation to open one door, spent by at most two pulses."""
CredentialId = NewType("CredentialId", str)
"""One pickup code with its QR token; reprinting makes a new one."""
Mac = NewType("Mac", str)
"""Keyed hash (hex HMAC-SHA256) of a code or token: the only copy that checks."""
Epoch = NewType("Epoch", int)
Seq = NewType("Seq", int)
TripId = NewType("TripId", str)
"""One run of a van past its stops; the county gives the name."""
SealNo = NewType("SealNo", str)
"""The number on the seal of one bag."""
CourierId = NewType("CourierId", str)
Place = NewType("Place", str)
"""A station by its id, or a hub or centre by the name that the county gave it."""
NOWHERE: Final = Place("")
Hamlet = NewType("Hamlet", str)
"""A natural village or villager group within the station's village, by its name."""
NO_HAMLET: Final = Hamlet("")

STATION_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,30}[a-z0-9]")
"""Lower case, digits and dashes, 3 to 32 characters: safe in a topic, a file and an address."""
PHONE_TAIL: Final = re.compile(r"[0-9]{4}")
PICKUP_DIGITS: Final = re.compile(r"[0-9]{8}")
