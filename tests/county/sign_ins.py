"""A county's accounts on a real database, with a clock to turn and hashes that cost little."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from argon2 import PasswordHasher
from sqlalchemy import Connection, Table

from cloud_sync.county.accounts import book, second_factor
from cloud_sync.county.accounts.audit import Actor, Wanted, listed
from cloud_sync.county.accounts.passwords import Hashing
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.rights import Role
from cloud_sync.county.accounts.second_factor import FactorSafe
from cloud_sync.county.accounts.sign_in import SignInDesk, Try
from cloud_sync.county.database import Database
from edge.kernel.ids import CountyId
from tests.county.village import NOON_MS

PASSWORD: Final = "ein Stuhl steht am Fluss"
HOME: Final = "192.0.2.1"
FAR: Final = "203.0.113.9"
BOSS: Final = Actor("王芳", "machine", "machine")
SAFE: Final = FactorSafe(b"k" * 32)
_Result = TypeVar("_Result")


class CountingHasher(PasswordHasher):
    """The library's own at the least cost; counts its work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, *given: Any, **named: Any) -> Literal[True]:
        self.verified += 1
        return super().verify(*given, **named)


class CheapHashing(Hashing):
    """Ours with that library; something may happen while it hashes."""

    def __init__(self) -> None:
        self.library = CountingHasher()
        super().__init__(self.library)
        self.meanwhile: Callable[[], None] = lambda: None

    @property
    def compared(self) -> int:
        """How often it hashed what was offered."""
        return self.library.verified

    def matches(self, stored: str | None, offered: str) -> bool:
        self.meanwhile()
        return super().matches(stored, offered)


class Accounts:
    """See the module's docstring."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now_ms = NOON_MS
        self.hashing = CheapHashing()
        self.open()

    def open(self) -> None:
        self.database = Database.open(self.folder)
        self.desk = SignInDesk(
            self.database,
            write=self.write,
            safe=SAFE,
            hashing=self.hashing,
            wall_ms=lambda: self.now_ms,
        )

    def restart(self) -> None:
        self.database.close()
        self.open()

    def write(self, work: Callable[[Connection], _Result]) -> _Result:
        with self.database.write() as connection:
            return work(connection)

    def add(self, name: str, role: Role = Role.OPERATOR, password: str = PASSWORD) -> None:
        hashed = self.hashing.hashed(password, name)
        self.write(lambda c: book.add(c, name, role, hashed, BOSS, self.now_ms))

    def sign_in(self, name: str, password: str = PASSWORD, at: str = HOME, **more: str) -> str:
        return self.desk.sign_in(Try(name=name, password=password, address=at, **more))

    def refused(self, name: str, password: str = PASSWORD, at: str = HOME, **more: str) -> str:
        """The key of the refusal; an empty text where there was none."""
        try:
            self.sign_in(name, password, at, **more)
        except AccountError as refusal:
            return refusal.key
        return ""

    def fail(self, times: int, name: str, at: str = HOME) -> list[str]:
        return [self.refused(name, "wrong", at) for _ in range(times)]

    def enrol(self, name: str) -> tuple[bytes, tuple[str, ...]]:
        """Turn the second factor on; the secret and the recovery codes."""
        drawn = self.write(lambda c: second_factor.begin(c, SAFE, name, BOSS, self.now_ms))
        assert drawn.secret not in repr(drawn)
        secret = self.secret_of(name)
        code = second_factor.code_at(secret, self.step)
        codes = self.write(lambda c: second_factor.confirm(c, SAFE, name, code, BOSS, self.now_ms))
        return secret, codes

    def secret_of(self, name: str) -> bytes:
        with self.database.read() as connection:
            row = book.account_of(connection, name)
        secret = SAFE.unseal(row.factor, row.name)
        assert secret is not None
        return secret

    @property
    def step(self) -> int:
        return self.now_ms // second_factor.STEP_MS

    def trail(self, **wanted: Any) -> list[tuple[str, str, str, str]]:
        """Who, act, outcome and reason of each line, the newest first."""
        with self.database.read() as connection:
            rows = listed(connection, Wanted(**wanted), 1_000)
        return [(row.who, row.act, row.outcome, row.reason) for row in rows]

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(table.select()).mappings()]


@contextmanager
def open_accounts(folder: Path) -> Iterator[Accounts]:
    """A county without anybody in it."""
    Database.create(folder, CountyId("shangyou"))
    accounts = Accounts(folder)
    try:
        yield accounts
    finally:
        accounts.database.close()
