"""Small bytes that grow without end once they are decompressed."""

import zstandard

from cloud_sync.wire.framing import dictionary

GROWS_TO = 200_000_000


def bomb(number: int, *, says_its_size: bool) -> bytes:
    """A zstandard frame of ours by its looks, with nothing but zeros in it."""
    data = (dictionary.FOLDER / dictionary.FILES[number]).read_bytes()
    compressor = zstandard.ZstdCompressor(
        dict_data=zstandard.ZstdCompressionDict(data), write_content_size=says_its_size
    )
    stream = compressor.compressobj(GROWS_TO if says_its_size else -1)
    step = bytes(1_000_000)
    return b"".join(stream.compress(step) for _ in range(GROWS_TO // len(step))) + stream.flush()
