"""Identities: two keys from one secret, and no key that would protect nobody."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity, PublicIdentity
from tests.wire.ends import COUNTY, STATION, STRANGER

# RFC 7748 leaves these to the caller: u-coordinates of the points of small order.
NOTHING_IS_SEALED_FOR = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
)
ANYBODY_SIGNS = (
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
)


def hkdf(secret: bytes, purpose: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt and one block, in its own two lines."""
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, purpose + b"\x01", "sha256")


def test_both_keys_come_from_the_secret_as_the_guide_says() -> None:
    secret = bytes(range(32))
    public = Identity.from_secret(secret).public
    sign = Ed25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi signs"))
    seal = X25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi seals frames"))
    assert public.sign == sign.public_key().public_bytes_raw()
    assert public.seal == seal.public_key().public_bytes_raw()
    assert public.key_id == hashlib.sha256(public.sign + public.seal).hexdigest()[:16]


def test_two_ends_share_a_box_as_the_guide_says_and_a_third_has_none_of_it() -> None:
    secret = hashlib.sha256(b"station").digest()
    mine = X25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi seals frames"))
    theirs = COUNTY.public.seal
    shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    both = b"".join(sorted([STATION.public.seal, theirs]))
    box = ChaCha20Poly1305(hkdf(shared + both, b"cunyi box 1"))
    sealed = box.encrypt(bytes(12), b"cunyi", None)
    assert STATION.box_with(COUNTY.public).decrypt(bytes(12), sealed, None) == b"cunyi"
    assert COUNTY.box_with(STATION.public).decrypt(bytes(12), sealed, None) == b"cunyi"
    assert STRANGER.box_with(STATION.public).encrypt(bytes(12), b"cunyi", None) != sealed


@pytest.mark.parametrize("length", [0, 16, SECRET_BYTES - 1, SECRET_BYTES + 1, 64])
def test_a_secret_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="secret has 32 bytes"):
        Identity.from_secret(bytes(length))
    with pytest.raises(ValueError, match="secret has 32 bytes"):
        Identity(bytes(length))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_public_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="has 32 bytes"):
        PublicIdentity(sign=b"\x07" * length, seal=STATION.public.seal)
    with pytest.raises(ValueError, match="has 32 bytes"):
        PublicIdentity(sign=STATION.public.sign, seal=b"\x07" * length)


@pytest.mark.parametrize("point", NOTHING_IS_SEALED_FOR)
def test_nothing_is_sealed_for_a_point_with_which_every_secret_is_the_same(point: str) -> None:
    hollow = PublicIdentity(sign=STATION.public.sign, seal=bytes.fromhex(point))
    for _time in range(2):
        with pytest.raises(ValueError, match=r"."):
            COUNTY.box_with(hollow)


@pytest.mark.parametrize("point", ANYBODY_SIGNS)
def test_a_key_that_anybody_can_sign_with_is_refused(point: str) -> None:
    with pytest.raises(ValueError, match="anybody can sign"):
        PublicIdentity(sign=bytes.fromhex(point), seal=STATION.public.seal)


def test_the_library_itself_takes_a_forged_signature_for_such_a_key() -> None:
    neutral = bytes([1]) + bytes(31)
    forged = neutral + bytes(32)  # R is the neutral point, S is 0: good for every message
    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, b"whatever")


def test_only_the_signature_of_this_end_over_these_bytes_counts() -> None:
    signature = STATION.sign(b"cunyi")
    assert STATION.public.has_signed(signature, b"cunyi")
    assert not STATION.public.has_signed(signature, b"cunyj")
    assert not COUNTY.public.has_signed(signature, b"cunyi")
    for length in (0, 1, 63, 65, 128):
        assert not STATION.public.has_signed((signature * 2)[:length], b"cunyi")


def test_a_signature_has_one_spelling() -> None:
    signature = STATION.sign(b"cunyi")
    order = 2**252 + 27_742_317_777_372_353_535_851_937_790_883_648_493
    scalar = int.from_bytes(signature[32:], "little") + order
    other = signature[:32] + scalar.to_bytes(32, "little")
    assert not STATION.public.has_signed(other, b"cunyi")


def test_a_point_off_the_curve_has_signed_nothing() -> None:
    off = PublicIdentity(sign=b"\x02" + bytes(31), seal=STATION.public.seal)
    assert not off.has_signed(STATION.sign(b"cunyi"), b"cunyi")
    assert not off.has_signed(bytes(64), b"cunyi")


def test_a_box_is_not_handed_to_another_key_of_the_same_name() -> None:
    # Nobody can make two keys of one id here, but whoever can must gain nothing.
    class Namesake(PublicIdentity):
        key_id = STATION.public.key_id

    station_box = COUNTY.box_with(STATION.public)
    namesake = Namesake(sign=STRANGER.public.sign, seal=STRANGER.public.seal)
    assert namesake.key_id == STATION.public.key_id
    sealed = COUNTY.box_with(namesake).encrypt(bytes(12), b"cunyi", None)
    assert sealed != station_box.encrypt(bytes(12), b"cunyi", None)
