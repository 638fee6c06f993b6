"""What addressees complain of and what the county answers: rows that are never changed.

They go when their addressee is forgotten or erased.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, String, Table

from cloud_sync.county.tables.core import METADATA

COMPLAINTS: Final = Table(
    "complaints",
    METADATA,
    # The number of the receipt.
    Column("complaint", String(8), primary_key=True),
    Column("recipient", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    # Empty where it is of no one parcel.
    Column("waybill_no", String(30), nullable=False),
    Column("said", String(300), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Index("complaints_by_recipient", "recipient"),
)
COMPLAINT_ANSWERS: Final = Table(
    "complaint_answers",
    METADATA,
    Column("complaint", String(8), primary_key=True),
    Column("answer", String(300), nullable=False),
    Column("operator", String(40), nullable=False),
    Column("answered_ms", BigInteger, nullable=False),
)
