"""Keepers' and couriers' PINs: hashes, and wrong tries that survive a restart."""

from dataclasses import dataclass

from edge.kernel.ids import KeeperId
from edge.kernel.time import Instant
from edge.store.statements import Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTries:
    """Wrong PINs in a row and when the last one was."""

    wrong: int
    at: Instant | None


class KeeperRows(Statements):
    """Every method may raise StoreError."""

    def keeper_count(self) -> int:
        """How many keepers have a PIN here."""
        return int(self.read("SELECT count(*) FROM keepers")[0][0])

    def keepers(self) -> dict[str, str]:
        """Every keeper's PIN hash by name."""
        return dict(self.read("SELECT keeper, pin_hash FROM keepers"))

    def add_first_keeper(self, keeper: KeeperId, pin_hash: str) -> bool:
        """Keep the first keeper's PIN hash; False, and nothing changed, when there is one."""
        added = self.write(
            "INSERT INTO keepers (keeper, pin_hash) SELECT :keeper, :pin_hash "
            "WHERE NOT EXISTS (SELECT 1 FROM keepers)",
            {"keeper": keeper, "pin_hash": pin_hash},
        )
        return added == 1

    def keeper_pin_hash(self, keeper: KeeperId) -> str | None:
        """The PIN hash, or None for a stranger."""
        rows = self.read("SELECT pin_hash FROM keepers WHERE keeper = :keeper", {"keeper": keeper})
        return str(rows[0][0]) if rows else None

    def pin_tries(self, keeper: KeeperId) -> PinTries:
        """Wrong PINs in a row for this name."""
        rows = self.read(
            "SELECT wrong, boot, mono_ms FROM pin_tries WHERE keeper = :keeper", {"keeper": keeper}
        )
        if not rows:
            return PinTries(wrong=0, at=None)
        wrong, boot, mono_ms = rows[0]
        at = Instant(boot=boot, mono_ms=mono_ms, wall_lo_ms=0, wall_hi_ms=None)
        return PinTries(wrong=wrong, at=at)

    def note_pin_tries(self, keeper: KeeperId, wrong: int, at: Instant) -> None:
        """Store the count before anybody hears the answer."""
        self.write(
            "INSERT INTO pin_tries VALUES (:keeper, :wrong, :boot, :mono_ms) "
            "ON CONFLICT (keeper) DO UPDATE SET wrong = :wrong, boot = :boot, mono_ms = :mono_ms",
            {"keeper": keeper, "wrong": wrong, "boot": at.boot, "mono_ms": at.mono_ms},
        )

    # -- couriers, who sign handovers

    def couriers(self) -> dict[str, str]:
        """Every courier's PIN hash by name."""
        return dict(self.read("SELECT courier, pin_hash FROM couriers"))

    def courier_pin_hash(self, courier: str) -> str | None:
        """The PIN hash, or None for a stranger."""
        rows = self.read(
            "SELECT pin_hash FROM couriers WHERE courier = :courier", {"courier": courier}
        )
        return str(rows[0][0]) if rows else None

    def keep_courier(self, courier: str, pin_hash: str) -> None:
        """Let a courier in by this PIN, whatever it was before."""
        self.write(
            "INSERT INTO couriers VALUES (:courier, :pin_hash) "
            "ON CONFLICT (courier) DO UPDATE SET pin_hash = :pin_hash",
            {"courier": courier, "pin_hash": pin_hash},
        )

    def remove_courier(self, courier: str) -> bool:
        """Let a courier in no more; False for a stranger."""
        gone = self.write("DELETE FROM couriers WHERE courier = :courier", {"courier": courier})
        return gone == 1
