"""Who may sign in at the county, what slows guessing down, and the trail of who did what."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from cloud_sync.county.tables.core import METADATA

ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    # As `account_name` writes it. A name is given once, so that the trail names one person.
    Column("name", String(40), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    # The second factor's secret, sealed; it counts once it is on.
    Column("factor", LargeBinary),
    Column("factor_on", Boolean, nullable=False),
    # The last step of which a code was accepted: none up to it is accepted again.
    Column("factor_step", BigInteger, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    # NULL while the account may sign in.
    Column("disabled_ms", BigInteger),
)

RECOVERY_CODES: Final = Table(
    "recovery_codes",
    METADATA,
    Column("account", String(40), primary_key=True),
    # A keyed hash; the code itself is nowhere.
    Column("mark", String(64), primary_key=True),
    Column("used_ms", BigInteger),
)

SESSIONS: Final = Table(
    "account_sessions",
    METADATA,
    # SHA-256 of the token; the token is with its browser alone.
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(40), nullable=False),
    Column("address", String(45), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Index("account_sessions_by_account", "account"),
)

KNOWN_ADDRESSES: Final = Table(
    "known_addresses",
    METADATA,
    # From where an account has signed in well.
    Column("account", String(40), primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("last_ms", BigInteger, nullable=False),
)

SIGN_IN_WAITS: Final = Table(
    "sign_in_waits",
    METADATA,
    # A short hash of the name that was tried; empty for all names of an address together.
    Column("name_mark", String(8), primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("wrong", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("sign_in_waits_by_moment", "at_ms"),
)

AUDIT_TRAIL: Final = Table(
    "audit_trail",
    METADATA,
    # Rows are added and never changed. SQLite counts by itself only under the type INTEGER.
    Column(
        "number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("at_ms", BigInteger, nullable=False),
    Column("who", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("act", String(32), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("address", String(45), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
    Index("audit_trail_by_moment", "at_ms"),
    Index("audit_trail_by_who", "who"),
)
