"""Pictures for the tests: sound ones, broken ones, and what only says that it is one."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><script>alert(1)</script></svg>'


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), seed: int = 1) -> bytes:
    """A picture that no other seed gives."""
    file = io.BytesIO()
    noise = random.Random(seed).randbytes(3 * size[0] * size[1])
    Image.frombytes("RGB", size, noise).save(file, kind)
    return file.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def figures(*urls: str) -> str:
    """Pictures as an article shows them."""
    return "".join(
        f'<figure><img src="{url}" width="640" height="360" alt=""><figcaption>Boats in the harbour, {n}'
        "</figcaption></figure>"
        for n, url in enumerate(urls)
    )
