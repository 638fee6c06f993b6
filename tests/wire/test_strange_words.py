"""What no end of ours says: too large, miscounted, of another authority, of another kind."""

import hashlib
import ssl
from base64 import b64encode
from pathlib import Path

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateSigningRequestBuilder, Name

from cloud_sync.county.identity.authority import Authority
from cloud_sync.wire.bodies.state import MAX_BODY, StateBodyError, fit_to_say
from cloud_sync.wire.broker.away import Away, why_not_open
from cloud_sync.wire.broker.echo import EchoTest
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.framing import columns, dictionary
from cloud_sync.wire.framing.columns import decode_facts, encode_facts
from cloud_sync.wire.framing.payload import Head, pack, unpack
from cloud_sync.wire.grant import MAX_GRANT, unpack_grant
from cloud_sync.wire.messages import MAX_UNPACKED, Batch, MessageError
from cloud_sync.wire.snapshot import unpack_snapshot
from cloud_sync.wire.trust.certificates import CertificateError, read_certificate, requested_key
from cloud_sync.wire.trust.private_files import write_private
from cloud_sync.wire.trust.tls import client_context, trusting_context
from cloud_sync.wire.trust.web_hosts import checked_listener, checked_names
from edge.kernel.errors import ConfigError, StoreError
from edge.kernel.ids import CountyId
from tests.county.village import Village


def noise(size: int) -> str:
    """Text that no compressor makes smaller than half."""
    links = range(size // 64)
    return "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in links)


# -- messages


@pytest.mark.parametrize("fact", [b'{"kind":"\xff"}', b"[" * 100_000, b"dust"])
def test_what_is_no_fact_is_one_kind_of_error(fact: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(fact)


def test_an_item_too_large_for_a_message_gets_no_number() -> None:
    body = {"title": "停电", "text": "明天上午", "of a newer county": "7" * MAX_BODY}
    with pytest.raises(StateBodyError, match="bytes are more than"):
        fit_to_say("notice", "n1", body)


def test_a_batch_whose_head_has_no_place_in_two_bytes_is_not_sent() -> None:
    start = Village().position(0)
    batch = Batch(session=noise(200_000), previous=start, facts=[], last=start.hash)
    with pytest.raises(MessageError, match="head of a batch"):
        pack(batch)


def test_a_batch_that_does_not_count_its_facts_right_is_none() -> None:
    village = Village()
    village.check_in("YT7700123456", 7)
    wire = pack(village.batch("s1", 0))
    length = int.from_bytes(wire[2:4], "big")
    head = msgspec.json.decode(dictionary.decompress(wire[4 : 4 + length], MAX_UNPACKED), type=Head)
    assert head.facts == village.seq
    head = msgspec.structs.replace(head, facts=head.facts + 1)
    packed = dictionary.compress(msgspec.json.encode(head), dictionary.MESSAGES)
    spoilt = wire[:2] + len(packed).to_bytes(2, "big") + packed + wire[4 + length :]
    with pytest.raises(MessageError, match="not as many facts"):
        unpack(spoilt)


def test_facts_that_fit_their_columns_and_grow_too_large_as_facts_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    village = Village()
    while sum(map(len, village.facts)) < MAX_UNPACKED - 150_000:
        village.tell("station.started", version="v" * 100_000)
    rest = b"x" * (MAX_UNPACKED - sum(map(len, village.facts)))
    assert decode_facts(encode_facts([*village.facts, rest]))[-1] == rest
    with monkeypatch.context() as careless:
        careless.setattr(columns, "MAX_UNPACKED", 2 * MAX_UNPACKED)
        one_more = encode_facts([*village.facts, rest + b"x"])
    with pytest.raises((MessageError, ValueError), match="too much"):
        decode_facts(one_more)


def test_a_grant_and_a_snapshot_that_would_grow_without_end_are_refused_by_their_size() -> None:
    with pytest.raises(MessageError, match="after decompression"):
        unpack_grant(zstandard.compress(bytes(MAX_GRANT + 1)))
    with pytest.raises(MessageError, match="after decompression"):
        unpack_snapshot(zstandard.compress(bytes(MAX_UNPACKED + 1)))


# -- the way to a broker


def test_why_a_connection_could_not_be_opened_is_one_word() -> None:
    assert why_not_open(ConfigError("f", "k", "is not there", "put it there")) is Away.FILES
    assert why_not_open(ssl.SSLCertVerificationError("theirs")) is Away.UNTRUSTED
    assert why_not_open(ssl.SSLError("ours")) is Away.REFUSED
    assert why_not_open(ConnectionRefusedError()) is Away.UNREACHABLE


def test_whoever_waits_for_an_echo_gives_up_when_it_no_longer_matters() -> None:
    echo, said = EchoTest("v1/echo", "deaf"), list[bytes]()
    assert not echo.comes_back(said.append, until=lambda: True)
    assert said == []
    assert not echo.comes_back(said.append, until=lambda: len(said) > 0)
    assert len(said) == 1


# -- keys and certificates


def test_only_a_request_on_p_256_that_its_own_key_signed_is_one() -> None:
    with pytest.raises(CertificateError, match="no signing request"):
        requested_key("-----BEGIN CERTIFICATE REQUEST-----")
    blank = CertificateSigningRequestBuilder().subject_name(Name([]))
    for key in (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65_537, 2_048)):
        request = blank.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
        with pytest.raises(CertificateError, match="only keys on P-256"):
            requested_key(request.decode())
    forged = blank.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    spoilt = bytearray(forged.public_bytes(Encoding.DER))
    spoilt[-1] ^= 1  # the end of its signature
    pem = f"-----BEGIN CERTIFICATE REQUEST-----\n{b64encode(spoilt).decode()}\n"
    with pytest.raises(CertificateError, match="not signed with its own key"):
        requested_key(f"{pem}-----END CERTIFICATE REQUEST-----\n")
    good = blank.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    requested_key(good.public_bytes(Encoding.PEM).decode())


def test_a_file_that_is_no_certificate_is_none() -> None:
    with pytest.raises(CertificateError, match="no certificate"):
        read_certificate(b"-----BEGIN CERTIFICATE-----")


def test_a_secret_that_cannot_be_written_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere/key cannot be written"):
        write_private(tmp_path / "nowhere" / "key", b"secret")


def test_files_for_tls_that_hold_something_else_are_named(tmp_path: Path) -> None:
    ca, certificate, key = (tmp_path / name for name in ("ca", "certificate", "key"))
    for file in (ca, certificate, key):
        file.write_bytes(b"nothing of the kind")
    with pytest.raises(ConfigError, match=f"{ca}.*cannot be used"):
        trusting_context(ca)
    Authority.create(tmp_path, CountyId("shangyou"))
    with pytest.raises(ConfigError, match=f"{certificate}.*cannot be used"):
        client_context(tmp_path / "ca.pem", certificate, key)


def test_a_listener_is_one_address_of_this_machine_and_hosts_are_few() -> None:
    assert checked_listener("localhost") == "localhost"
    assert checked_listener("10.0.0.7") == "10.0.0.7"
    for nowhere in ("0.0.0.0", "::", "224.0.0.1"):
        with pytest.raises(ValueError, match="would listen everywhere"):
            checked_listener(nowhere)
    with pytest.raises(ValueError, match="write one address"):
        checked_listener("station.lan")
    assert checked_names(["a.lan", "a.lan"]) == ("a.lan",)
    with pytest.raises(ValueError, match="at most"):
        checked_names(f"s{number}.lan" for number in range(100))
    with pytest.raises(ValueError, match="host"):
        checked_names(["not a host"])
