"""Undoes gzip and deflate under a guard: never more than a given number of bytes, whatever a body claims."""

import zlib
from dataclasses import dataclass
from typing import Final

_LAYERS: Final = 3  # some servers compress what is compressed already
_MEMBERS: Final = 256  # each one copies what follows it
_PIECE: Final = 4096
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflated:
    """What came out of a body.

    ``damaged`` where the compressed data ends early or is corrupt (``body`` is what came out before); ``too_large``
    where more than the cap came out (``body`` is empty then).
    """

    body: bytes
    damaged: bool = False
    too_large: bool = False


def inflate(raw: bytes, encodings: tuple[str, ...], max_bytes: int) -> Inflated:
    """Undo the compression of a body, by its own first bytes rather than by what its header says.

    A body that is gzip without a header saying so is inflated too, one that a header calls gzip and that is plain is
    left as it is: both are common. ``encodings`` (lower case, from Content-Encoding) are asked only about deflate,
    which has no mark of its own.
    """
    body, damaged = raw, False
    deflated = encodings.count("deflate")
    for _ in range(_LAYERS):
        if body.startswith(_GZIP_MAGIC):
            layer = _inflate_members(body, max_bytes)
        elif deflated and not _looks_like_text(body):
            deflated -= 1
            layer, _ = _inflate_stream(body, zlib.MAX_WBITS if _has_zlib_header(body) else -zlib.MAX_WBITS, max_bytes)
        else:
            break
        if layer.too_large:
            return Inflated(body=b"", too_large=True)
        damaged = damaged or layer.damaged
        body = layer.body
    if len(body) > max_bytes:
        return Inflated(body=b"", too_large=True)
    return Inflated(body=body, damaged=damaged)


def _inflate_members(raw: bytes, max_bytes: int) -> Inflated:
    """Inflate gzip members that follow one another; other bytes after the last one are padding."""
    whole = bytearray()
    rest = raw
    for _ in range(_MEMBERS):
        if not rest.startswith(_GZIP_MAGIC):
            return Inflated(body=bytes(whole))
        member, rest = _inflate_stream(rest, zlib.MAX_WBITS | 16, max_bytes - len(whole))
        if member.too_large:
            return member
        whole += member.body
        if member.damaged:
            break
    return Inflated(body=bytes(whole), damaged=True)


def _inflate_stream(raw: bytes, window: int, max_bytes: int) -> tuple[Inflated, bytes]:
    """Inflate one stream; return it and the bytes that follow it."""
    stream = zlib.decompressobj(window)
    try:
        body = stream.decompress(raw, max_bytes + 1)
    except zlib.error:
        return _salvage(raw, window, max_bytes), b""
    if len(body) > max_bytes:
        return Inflated(body=b"", too_large=True), b""
    return Inflated(body=body, damaged=not stream.eof), stream.unused_data


def _salvage(raw: bytes, window: int, max_bytes: int) -> Inflated:
    """Inflate corrupt data for what comes out before the fault: in pieces, the faulty one byte by byte."""
    stream = zlib.decompressobj(window)
    whole = bytearray()
    size = _PIECE
    start = 0
    while start < len(raw) and len(whole) <= max_bytes:
        before = stream.copy()
        try:
            whole += stream.decompress(raw[start : start + size], max_bytes + 1 - len(whole))
        except zlib.error:
            if size == 1:
                break
            stream, size = before, 1
        else:
            start += size
    if len(whole) > max_bytes:
        return Inflated(body=b"", too_large=True)
    return Inflated(body=bytes(whole), damaged=True)


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0


def _looks_like_text(body: bytes) -> bool:
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in {b"<", b"{", b"["} or not start
