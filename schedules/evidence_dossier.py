"""Everything that the folder of a finding tells, gathered from the store and the archive."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from monitor.spans import Coverage, Span
from monitor.visits import Visit
from monitor.wording import listed, windows_in
from reports.dossier import Dossier, Named, ShownPost
from schedules.evidence_answers import Labels, read_answers, shown_answer, warc_of
from schedules.evidence_named import named_of
from schedules.evidence_posts import heading_of, posts_of, visits_of
from schedules.office import Office
from storage.archive import Archive
from storage.records import Filed, first_visit, post_numbers, record, records_of
from storage.said import Said, controls_beside, visits_said

_MOST_PAGES = 300


def dossier_of(office: Office, said: Said, archive: Archive | None) -> Dossier:
    """Return everything that the folder of a finding tells; ``archive`` is None where the office keeps none."""
    windows, missing = windows_in(said.windows), list[str]()
    with office.database.read() as session:
        visits = visits_said(session, said)
        posts = posts_of(session, said, windows, office.zone)
        named = named_of(session, said, office.zone)
        labels = _labels(session, said, posts, named, [] if named else controls_beside(session, visits))
        filed = records_of(session, [*(each.visit_id or 0 for each in visits), *labels.visits], labels.posts)
        bodies = {each.kept.revisit_of: record(session, each.kept.revisit_of) for each in filed if each.kept.revisit_of}
    read = [] if archive is None else list(read_answers(archive, filed, bodies, missing))
    if filed and archive is None:
        missing.append("没有设置采集原件的文件夹，原件未能附上；请在 xunjian.toml 的 [evidence] folder 中写明。")
    missing = [*_missing_visits(visits, filed), *missing]
    answers = tuple(shown_answer(place, one, found, labels) for place, (one, found) in enumerate(read, start=1))
    number = f"{said.month}/{said.position}"
    coverage, gaps = _spans(said.payload.get("coverage", ())), _gaps(said, office)
    return Dossier(
        number=number,
        office=office.name,
        zone=office.zone,
        heading=heading_of(said, office),
        windows=tuple(str(each) for each in windows),
        coverage=coverage,
        gaps=gaps,
        visits=visits_of(visits, said),
        posts=posts,
        answers=answers,
        missing=tuple(missing),
        warc=warc_of(number, said, read) if read else b"",
        known_at=said.known_at,
        named=named,
    )


def _labels(
    session: Session, said: Said, posts: Sequence[ShownPost], named: Sequence[Named], controls: Sequence[int]
) -> Labels:
    """Return whose pages and visits, beside the account's own ones, belong to a finding, each with what to call it."""
    pages = dict(list(post_numbers(session, said.account_id, [each.key for each in posts]).items())[:_MOST_PAGES])
    labels = {pages[each.key]: f"信息《{each.title}》的页面" for each in posts if each.key in pages}
    visits = dict.fromkeys(controls, "对照来源")
    for each in named:
        if each.likened is not None and each.likened.post_id is not None:
            other = each.likened
            whose = f"在先信息《{other.title}》（{other.account_name}）"
            labels[each.likened.post_id] = f"{whose}的页面"
            visits[first_visit(each.likened.post_id)] = f"首次发现{whose}的"
    return Labels(posts=labels, visits=visits, known_at=said.known_at)


def _spans(said: Sequence[Sequence[str]]) -> Coverage:
    return tuple(Span(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in said)


def _gaps(said: Said, office: Office) -> tuple[tuple[str, str], ...]:
    causes = said.payload.get("causes", ())
    spans = _spans(said.payload.get("gaps", ()))
    shown = [
        f"{each.start.astimezone(office.zone):%Y-%m-%d %H:%M} 至 {each.end.astimezone(office.zone):%Y-%m-%d %H:%M}"
        for each in spans
    ]
    return tuple(zip(shown, causes, strict=False))


def _missing_visits(visits: Sequence[Visit], filed: Sequence[Filed]) -> list[str]:
    """Say which visits have no kept answer that one would expect."""
    with_answers = {each.visit_id for each in filed}
    bare = [f"第{each.visit_id}次" for each in visits if each.visit_id not in with_answers and each.status is not None]
    if not bare:
        return []
    why = "采集于保存原件的版本之前，同日同一原因的失败只保存一次，或者已超过保留期限"
    shown = listed(bare, 10, "次")
    return [f"采集记录{shown}没有保存原件（{why}），其时间、结果和内容摘要值见采集记录.csv。"]
