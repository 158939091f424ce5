"""One WARC file: records written and read back, each a gzip member of its own.

Format: WARC 1.1 (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/).
"""

import base64
import hashlib
import io
import os
import re
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator  # pyright: ignore[reportMissingTypeStubs]
from warcio.exceptions import ArchiveLoadFailed  # pyright: ignore[reportMissingTypeStubs]
from warcio.statusandheaders import StatusAndHeaders  # pyright: ignore[reportMissingTypeStubs]
from warcio.warcwriter import WARCWriter  # pyright: ignore[reportMissingTypeStubs]

from monitor.errors import cause_of
from monitor.visits import Exchange
from storage.errors import StorageError

NOT_MODIFIED = 304

_MEMBER = re.compile(rb"\x1f\x8b\x08\x00\x00\x00\x00\x00")
_BEGIN = b"WARC/"
_BLOCK = 2**16
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_RESPONSE = "application/http; msgtype=response"
_UNKNOWN = "application/octet-stream"
_HTTP = ("http:", "https:")
_HANDED_IN = 200  # what the visit of a file that was handed in has for a status
_ENCODED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where an answer is kept: ``file`` by its name in the folder, the record's ``offset`` in it.

    ``revisit_of`` is the record that holds the body, where this one has none; ``digest`` is that of the body.
    """

    record_id: str
    file: str
    offset: int
    url: str
    at: datetime
    digest: str
    revisit_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record read back; ``kind`` is WARC's type (response, resource, revisit …), ``body`` the answer's own."""

    record_id: str
    kind: str
    url: str
    at: datetime
    digest: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Writing:
    """Records being written one after another, for a file in which ``begins`` bytes stand before them."""

    def __init__(self, file: str, begins: int = 0) -> None:
        """Begin with nothing."""
        self._file = file
        self._begins = begins
        self._buffer = io.BytesIO()
        self._writer: Any = WARCWriter(self._buffer, gzip=True, warc_version="1.1")

    def content(self) -> bytes:
        """Return what was written."""
        return self._buffer.getvalue()

    def add_info(self, at: datetime, fields: dict[str, str]) -> None:
        """Write the warcinfo record that a file begins with."""
        told = {"software": "xunjian", "format": "WARC File Format 1.1", **fields}
        self.add_plain("warcinfo", "application/warc-fields", at, told, {"WARC-Filename": self._file})

    def add_plain(
        self, kind: str, content_type: str, at: datetime, fields: dict[str, str], headers: dict[str, str]
    ) -> None:
        """Write a record of fields (warcinfo, metadata)."""
        block = "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items()).encode()
        given = {**_dated(_new_id(), at), **headers, "WARC-Block-Digest": digest_of(block)}
        self._write(kind, "", given, block, content_type)

    def add(self, exchange: Exchange, known: Kept | None = None, record_id: str = "") -> Kept:
        """Write an answer, with its body unless ``known`` has it.

        What no server answered, a file that was handed in, becomes a resource without a status line.
        """
        number, offset = record_id or _new_id(), self._begins + self._buffer.tell()
        body = b"" if known is not None else exchange.body
        digest = known.digest if known is not None else digest_of(body)
        is_answer = exchange.url.lower().startswith(_HTTP)
        http = _http(exchange) if is_answer else None
        content_type = _RESPONSE if is_answer else _type_of(exchange)
        given = {**_dated(number, exchange.at), "WARC-Payload-Digest": digest}
        given["WARC-Block-Digest"] = digest_of((http.to_ascii_bytes() if http is not None else b"") + body)
        if known is not None:
            not_modified = exchange.status == NOT_MODIFIED
            given["WARC-Profile"] = _PROFILE + ("server-not-modified" if not_modified else "identical-payload-digest")
            given["WARC-Refers-To"] = f"<{known.record_id}>"
            given["WARC-Refers-To-Target-URI"] = known.url
            given["WARC-Refers-To-Date"] = _stamp(known.at)
        kind = "revisit" if known is not None else "response" if is_answer else "resource"
        self._write(kind, exchange.url, given, body, content_type, http)
        return Kept(
            record_id=number,
            file=self._file,
            offset=offset,
            url=exchange.url,
            at=exchange.at,
            digest=digest,
            revisit_of=None if known is None else known.record_id,
        )

    def _write(
        self, kind: str, url: str, headers: dict[str, str], body: bytes, content_type: str, http: Any = None
    ) -> None:
        record = self._writer.create_warc_record(
            _line(url).replace(" ", "%20"),
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict=headers,
            http_headers=http,
        )
        self._writer.write_record(record)


def digest_of(body: bytes) -> str:
    """Return a body's digest as WARC writes it."""
    return f"sha256:{base64.b32encode(hashlib.sha256(body).digest()).decode()}"


def read_record(path: Path, offset: int) -> Record:
    """Return the record at ``offset`` of a WARC file. Raises StorageError where it is gone or damaged."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            found = next(iter(ArchiveIterator(stream, check_digests=True)), None)
            return _read(found)
    except (OSError, ArchiveLoadFailed, ValueError, zlib.error, EOFError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else "内容已损坏"
        raise StorageError(f"采集原件：{path}：第 {offset} 字节处的记录无法读取（{cause}）。") from error


def _read(found: Any) -> Record:
    if found is None:
        raise ValueError("no record")
    body = found.content_stream().read()
    if found.digest_checker.passed is False:
        raise ValueError(str(found.digest_checker.problems))
    given, http = found.rec_headers, found.http_headers
    url = given.get_header("WARC-Target-URI") or ""
    status = http.get_statuscode() if http is not None else ""
    headers = tuple(http.headers) if http is not None else ()
    if not url.lower().startswith(_HTTP):
        status, headers = str(_HANDED_IN), (("Content-Type", given.get_header("Content-Type") or ""),)
    return Record(
        record_id=str(given.get_header("WARC-Record-ID")).strip("<>"),
        kind=found.rec_type,
        url=url,
        at=datetime.fromisoformat(given.get_header("WARC-Date")),
        digest=given.get_header("WARC-Payload-Digest") or "",
        status=int(status) if status.isdigit() else 0,
        headers=headers,
        body=body,
    )


def members(path: Path, begin: int = 0) -> Iterator[tuple[int, int]]:
    """Give where each whole member of a file begins and ends, up to the first that is torn."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        at = begin
        while at < size:
            end = _member_end(stream.fileno(), at)
            if end is None:
                return
            yield at, end
            at = end


def whole_length(descriptor: int, size: int) -> int:
    """Return how much of a file is whole members, looking from its end for the last of them."""
    end = size
    tail = b""
    while end > 0:
        begin = max(0, end - _BLOCK)
        block = os.pread(descriptor, end - begin, begin) + tail
        for found in reversed([match.start() for match in _MEMBER.finditer(block)]):
            if found < end - begin and (after := _member_end(descriptor, begin + found)) is not None:
                return after
        tail, end = block[:7], begin
    return 0


def _member_end(descriptor: int, begin: int) -> int | None:
    """Return where the member that begins at ``begin`` ends, None where it is torn or none of a WARC."""
    reading = zlib.decompressobj(zlib.MAX_WBITS | 16)
    at, first = begin, b""
    while not reading.eof:
        block = os.pread(descriptor, _BLOCK, at)
        if not block:
            return None
        at += len(block)
        try:
            plain = reading.decompress(block)
        except zlib.error:
            return None
        first = (first + plain)[: len(_BEGIN)]
        if not _BEGIN.startswith(first):
            return None
    return at - len(reading.unused_data)


def _type_of(exchange: Exchange) -> str:
    return next((_ascii(value) for name, value in exchange.headers if name.lower() == "content-type"), _UNKNOWN)


def _http(exchange: Exchange) -> Any:
    """Return status line and headers as received, those renamed that tell of an encoding that the kept body has not."""
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in _ENCODED else _ascii(name), _ascii(value))
        for name, value in exchange.headers
    ]
    headers.append(("Content-Length", str(len(exchange.body))))
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{exchange.status} {phrase}", headers, protocol="HTTP/1.1")


def _dated(record_id: str, at: datetime) -> dict[str, str]:
    return {"WARC-Record-ID": f"<{record_id}>", "WARC-Date": _stamp(at)}


def _new_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _line(text: str) -> str:
    """Return text that stands on one line and can be written as UTF-8."""
    return text.replace("\n", " ").replace("\r", " ").encode(errors="replace").decode()


def _ascii(text: str) -> str:
    """Return the text of a header with what is not ASCII percent-encoded."""
    return "".join(each if " " <= each <= "~" else quote(each, errors="replace") for each in text)
