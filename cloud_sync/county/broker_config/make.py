"""Writes a broker's folder: configuration, a certificate of its own, and whom it believes."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from cloud_sync.county.broker_config import mosquitto, nats, rabbitmq
from cloud_sync.county.broker_config.plan import BrokerPlan
from cloud_sync.county.identity.authority import Authority
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem
from cloud_sync.wire.trust.private_files import write_private

BROKER_NAME: Final = "_broker"
"""The name in the broker's own certificate; no station can be called so."""
KINDS: Final[Mapping[str, Callable[[BrokerPlan], dict[str, str]]]] = {
    "nats": nats.files,
    "mosquitto": mosquitto.files,
    "rabbitmq": rabbitmq.files,
}


def write_configuration(kind: str, plan: BrokerPlan, out: Path) -> tuple[str, ...]:
    """Write the texts into `out` and return their names. May be done again at any time."""
    texts = KINDS[kind](plan)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    return tuple(texts)


def write_trust(authority: Authority, revoked: bytes, out: Path) -> None:
    """Write whom the broker believes, and whom no longer. Raises StoreError."""
    out.mkdir(parents=True, exist_ok=True)
    write_private(out / "ca.pem", authority.pem.encode(), mode=0o644)
    write_private(out / "crl.pem", revoked, mode=0o644)


def write_own_certificate(
    authority: Authority, hosts: Iterable[str], now_ms: int, out: Path
) -> None:
    """Write what the broker shows. Raises CertificateError, StoreError.

    `hosts` are the names that stations and county know the broker's machine by.
    """
    out.mkdir(parents=True, exist_ok=True)
    key = draw_tls_key()
    issued = authority.sign(key.public_key(), BROKER_NAME, hosts, now_ms)
    write_private(out / "broker.key", key_pem(key))
    write_private(out / "broker.pem", issued.pem.encode(), mode=0o644)
