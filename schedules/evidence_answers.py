"""Kept answers read back, shown, and written again as a WARC file with personal numbers masked."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.encoding import decode
from crawler.sources.report_rows import Row, tables
from monitor.masking import mask
from monitor.visits import Exchange
from reports.answers import Answer
from storage.archive import Archive
from storage.errors import StorageError
from storage.records import Filed
from storage.said import Said
from storage.warc import Kept, Record, Writing

_PRIVATE = frozenset({"set-cookie", "cookie", "authorization"})
_CELL = re.compile(r"[^,，;\t\r\n\"]+")
_BINARY = ("image/", "video/", "audio/")
_WORKBOOK = b"PK\x03\x04"
_PACKED = (_WORKBOOK, b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF")


def read_answers(
    archive: Archive, filed: Sequence[Filed], bodies: Mapping[str, Kept | None], missing: list[str]
) -> Iterator[tuple[Filed, Record]]:
    """Give each kept answer with its body; what cannot be read is named in ``missing``."""
    for each in filed:
        try:
            yield each, _whole(archive, each.kept, bodies)
        except StorageError as error:
            missing.append(f"有一份原件未能附上：{error}")


def _whole(archive: Archive, kept: Kept, bodies: Mapping[str, Kept | None]) -> Record:
    found = archive.read(kept.file, kept.offset)
    if kept.revisit_of is None:
        return found
    target = bodies.get(kept.revisit_of)
    if target is None:
        raise StorageError(f"采集原件：{kept.record_id} 所指的原始记录已不存在。")
    return replace(found, body=archive.read(target.file, target.offset).body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Whose answers they are, in words: of posts' own pages by post, of visits where more is to be said than which."""

    posts: Mapping[int, str]
    visits: Mapping[int, str]
    known_at: datetime

    def of(self, filed: Filed) -> str:
        """Return whose answer it is."""
        later = "（检查作出之后）" if filed.kept.at > self.known_at else ""
        if filed.post_id is not None:
            return f"{mask(self.posts.get(filed.post_id, '信息的页面'))}{later}"
        is_report = filed.kept.url.startswith("report:")
        what = "导入的自查上报，" if is_report else self.visits.get(filed.visit_id or 0, "")
        return f"{what}第{filed.visit_id}次采集{later}"


def shown_answer(place: int, filed: Filed, found: Record, labels: Labels) -> Answer:
    """Return an answer as the folder shows it, masked as far as its text alone tells."""
    body, content_type = shown_body(found.body, _content_type(found))
    return Answer(
        place=place,
        record_id=found.record_id,
        url=found.url,
        at=found.at,
        status=found.status,
        digest=found.digest,
        of=labels.of(filed),
        text=None if _is_binary(body, content_type) else masked_text(decode(body, content_type).text),
        visit_id=filed.visit_id,
        post_id=filed.post_id,
    )


def _content_type(found: Record) -> str:
    return next((value for name, value in found.headers if name.lower() == "content-type"), "")


def _is_binary(body: bytes, content_type: str) -> bool:
    return content_type.lower().startswith(_BINARY) or body.startswith(_MAGIC)


def shown_body(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return a body as it may leave the store, before masking, with its content type.

    What is packed holds text that nobody can mask: a workbook becomes the text of its cells (CSV), anything else that
    is packed or a document goes. Pictures and sound stay.
    """
    if not body.startswith(_PACKED):
        return body, content_type
    found = tables(body, content_type, len) if body.startswith(_WORKBOOK) else ""
    if isinstance(found, str):
        return b"", content_type
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\r\n").writerows(_cells(row) for sheet in found for row in sheet)
    return lines.getvalue().encode(errors="replace"), "text/csv; charset=utf-8"


def _cells(row: Row) -> tuple[str, ...]:
    """Return the cells of a row without the empty ones at its end."""
    last = max((at for at, cell in enumerate(row.cells, start=1) if cell), default=0)
    return row.cells[:last]


def warc_of(number: str, said: Said, read: Sequence[tuple[Filed, Record]]) -> bytes:
    """Return the answers as a WARC file of its own, masked, with a record that says so."""
    at = said.known_at.astimezone(UTC)
    writing = Writing("记录.warc.gz")
    writing.add_info(at, {"description": f"{number} 佐证 evidence, personal numbers masked"})
    seen: dict[tuple[str, str], Kept] = {}
    originals: list[str] = []
    for _, found in read:
        body, content_type = shown_body(found.body, _content_type(found))
        exchange = Exchange(
            url=found.url,
            at=found.at,
            status=found.status,
            headers=tuple(
                (name.removeprefix("X-Archive-Orig-"), mask(content_type if name.lower() == "content-type" else value))
                for name, value in found.headers
                if name.lower() not in _PRIVATE and name.lower() != "content-length"
            ),
            body=body if _is_binary(body, content_type) else masked_body(body),
        )
        earlier = seen.get((exchange.url, found.digest))
        kept = writing.add(exchange, earlier)
        if earlier is None:
            seen[exchange.url, found.digest] = kept
        originals.append(f"{kept.record_id} {found.record_id} {found.digest}")
    note = {
        "note": "身份证号、手机号、银行卡号已遮盖，校验值为遮盖后重新计算；Cookie 已去掉；电子表格改为其文字，"
        "其他压缩文件和文档无法遮盖，未附。"
        " Personal numbers are masked and digests computed anew; cookies are left out; workbooks are given as the text"
        " of their cells, other packed files and documents are left out.",
        **{f"original-{at}": line for at, line in enumerate(originals, start=1)},
    }
    writing.add_plain("metadata", "application/warc-fields", at, note, {})
    return writing.content()


def masked_body(body: bytes) -> bytes:
    """Return a body with its personal numbers masked, all else byte for byte as it was."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == body:
            return masked_text(text).encode(encoding)
    return masked_text(body.decode("latin-1")).encode("latin-1")


def masked_text(text: str) -> str:
    """Return the text of a body masked; of a table cell by cell, where a number may stand next to an address."""
    if text.lstrip("\ufeff \t\r\n").startswith(("<", "{", "[")):
        return mask(text)
    return mask(_CELL.sub(lambda found: mask(found.group()), text))
