"""Comparing after a collection, and what a month's judgement makes of it."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.findings import Judgement, Verdict
from monitor.values import Account, Correction, Mark, Originality
from schedules.compare import CHUNK, compare_new_posts
from schedules.inspect import frame_of
from schedules.observe import judge_accounts
from schedules.office import Office
from storage.corrections import save_correction
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, an_item, daily, gaoxian, register, seen

TEXT = (
    "10月12日，全县秋收秋种现场会在文江镇召开。会议要求，各乡镇要抢抓晴好天气，组织农机手跨区作业，确保颗粒归仓。"
    "截至目前，全县已收割水稻32.6万亩，占应收面积的九成以上；油菜育苗1.8万亩，较去年同期增加两千亩。"
)


@pytest.fixture
def office(office: Office) -> Office:
    found = replace(office, policy=gaoxian(YC_02={"floor": 50}))
    register(
        found,
        an_account("a1", name="县融媒", organizer="县融媒体中心"),
        an_account("a2", name="乙镇发布", organizer="乙镇人民政府"),
        an_account("a3", name="乙镇政府网", organizer="乙镇人民政府"),
    )
    return found


def judged(office: Office, *account_ids: str, as_of: str | None = None) -> dict[str, Judgement]:
    accounts: list[Account] = [office.account(each) for each in account_ids]
    point = moment(as_of) if as_of else None
    frame = frame_of(office, "2026-10", now=moment("11-20"), as_of=point)
    with office.database.read() as session:
        found = judge_accounts(session, accounts, frame, point, [])
    return {each.judgement.account.account_id: each.judgement for each in found}


def classes(judgement: Judgement) -> dict[str, tuple[str, int]]:
    return {post.key: (found.originality.value, found.step) for post, found in judgement.posts}


def test_a_copy_is_found_and_named(office: Office) -> None:
    seen(office, "a1", "10-12 12:00", an_item("p1", "10-12 09:00", "全县秋收秋种现场会召开", text=TEXT))
    seen(office, "a2", "10-13 12:00", an_item("p2", "10-13 09:00", text=TEXT))
    assert judged(office, "a2")["a2"].figures.undetermined == 1
    assert compare_new_posts(office.database) == 2
    assert compare_new_posts(office.database) == 0
    found = judged(office, "a1", "a2")
    assert classes(found["a1"]) == {"p1": ("未判定", 7)}
    assert classes(found["a2"]) == {"p2": ("转载", 5)}
    (row,) = (each for each in found["a2"].findings if each.code == "YC-03")
    assert row.verdict is Verdict.REVIEW
    assert row.description == (
        "10月13日《关于p2的通知》与“县融媒”（微信公众号）10月12日发布的信息相似度100%，"
        "未注明来源，疑似照搬照抄，需人工复核。"
    )
    assert classes(judged(office, "a2", as_of="10-12 13:00")["a2"]) == {}


def test_the_evidence_of_a_copy_is_the_visit_that_saw_it(office: Office) -> None:
    seen(office, "a1", "10-12 12:00", an_item("p1", "10-12 09:00", text=TEXT))
    seen(office, "a2", "10-13 12:00", an_item("p2", "10-13 09:00", text=TEXT))
    seen(office, "a2", "10-14 12:00", an_item("p2", "10-13 09:00", text=TEXT))
    compare_new_posts(office.database)
    frame = frame_of(office, "2026-10", now=moment("11-20"), as_of=None)
    with office.database.read() as session:
        (one,) = judge_accounts(session, [office.account("a2")], frame, None, [])
    codes = [each.code for each in one.judgement.findings]
    evidence = one.evidence[codes.index("YC-03")]
    assert [each.started_at for each in evidence.visits] == [moment("10-13 12:00")]
    assert evidence.found_at == moment("10-13 12:00")


def test_an_organizers_accounts_speak_for_one_another(office: Office) -> None:
    seen(office, "a3", "10-12 12:00", an_item("p3", "10-12 09:00", text=TEXT, mark=Mark.ORIGINAL))
    seen(office, "a2", "10-13 12:00", an_item("p2", "10-13 09:00", text=TEXT))
    compare_new_posts(office.database)
    assert classes(judged(office, "a2")["a2"]) == {"p2": ("原创", 5)}
    with office.database.begin() as session:
        decided = Correction(originality=Originality.REPOST, by="张三", why="转自省厅", at=moment("10-20"))
        save_correction(session, "a3", "p3", decided)
    assert classes(judged(office, "a2")["a2"]) == {"p2": ("转载", 5)}
    assert classes(judged(office, "a2", as_of="10-19")["a2"]) == {"p2": ("原创", 5)}


def test_many_posts_are_compared_in_chunks(office: Office) -> None:
    texts: list[dict[str, Any]] = [{"text": f"第{n}号{TEXT}{n}"} for n in range(2 * CHUNK + 5)]
    seen(office, "a1", "10-31 12:00", *(an_item(f"p{n}", "10-12 09:00", **each) for n, each in enumerate(texts)))
    assert compare_new_posts(office.database) == 2 * CHUNK + 5


def test_the_share_of_originals_is_judged_with_what_likeness_says(office: Office) -> None:
    seen(office, "a1", "10-12 12:00", an_item("p1", "10-12 09:00", text=TEXT))
    days = daily("10-13", "10-31", text=TEXT)
    seen(office, "a2", "11-02 12:00", *days, proves="09-01")
    compare_new_posts(office.database)
    (row,) = (each for each in judged(office, "a2")["a2"].findings if each.code == "YC-02")
    assert (row.verdict, row.description) == (
        Verdict.VERIFIED,
        "本期发布信息19条，其中原创0条、转载19条，原创比例0.0%，低于50%。",
    )
