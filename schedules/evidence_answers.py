"""Kept answers read back, shown, and written again as a WARC file with personal numbers masked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from crawler.encoding import decode
from monitor.masking import mask
from monitor.visits import Exchange
from reports.answers import Answer
from storage.archive import Archive
from storage.errors import StorageError
from storage.records import Filed
from storage.said import Said
from storage.warc import Kept, Record, Writing

_PRIVATE = frozenset({"set-cookie", "cookie", "authorization"})


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


def shown_answer(place: int, filed: Filed, found: Record, titles: dict[int, str], controls: set[int]) -> Answer:
    """Return an answer as the folder shows it; ``titles`` are those of posts by number, ``controls`` control visits."""
    content_type = next((value for name, value in found.headers if name.lower() == "content-type"), "")
    if filed.post_id is not None:
        of = f"信息《{mask(titles.get(filed.post_id, ''))}》的页面"
    else:
        of = f"{'对照来源' if filed.visit_id in controls else ''}第{filed.visit_id}次采集"
    binary = content_type.lower().startswith(("image/", "video/", "audio/", "application/pdf", "application/zip"))
    return Answer(
        place=place,
        record_id=found.record_id,
        url=found.url,
        at=found.at,
        status=found.status,
        digest=found.digest,
        of=of,
        text=None if binary else decode(found.body, content_type).text,
        visit_id=filed.visit_id,
    )


def warc_of(number: str, said: Said, read: Sequence[tuple[Filed, Record]]) -> bytes:
    """Return the answers as a WARC file of its own, masked, with a record that says so."""
    at = said.known_at.astimezone(UTC)
    writing = Writing("记录.warc.gz")
    writing.add_info(at, {"description": f"{number} 佐证 evidence, personal numbers masked"})
    seen: dict[tuple[str, str], Kept] = {}
    originals: list[str] = []
    for _, found in read:
        exchange = Exchange(
            url=found.url,
            at=found.at,
            status=found.status,
            headers=tuple(
                (name.removeprefix("X-Archive-Orig-"), mask(value))
                for name, value in found.headers
                if name.lower() not in _PRIVATE and name.lower() != "content-length"
            ),
            body=masked_body(found.body),
        )
        earlier = seen.get((exchange.url, found.digest))
        kept = writing.add(exchange, earlier)
        if earlier is None:
            seen[exchange.url, found.digest] = kept
        originals.append(f"{kept.record_id} {found.record_id} {found.digest}")
    note = {
        "note": "身份证号、手机号、银行卡号已遮盖，校验值为遮盖后重新计算；Cookie 已去掉。"
        " Personal numbers are masked and digests computed anew; cookies are left out.",
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
            return mask(text).encode(encoding)
    return mask(body.decode("latin-1")).encode("latin-1")
