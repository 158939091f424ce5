"""A person's decision on a post: which post is meant, and that the decision outlives whatever comes later."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.values import Article, Originality, Precision, Rung, Stated
from monitor.visits import Outcome, PageVisit
from schedules.marking import find_post, mark_post
from schedules.office import Office, RequestError
from schedules.posts import history_of, posts_of_month
from storage.pages import save_page
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, an_item, inspect, read_back, register, seen

ORIGINAL, REPOST = Originality.ORIGINAL, Originality.REPOST
KEY = "wechat:MzA:100:1"
LINK = "https://mp.weixin.qq.com/s?__biz=MzA&mid=100&idx=1&sn=abc"


@pytest.fixture
def ready(office: Office) -> Office:
    """Two accounts; a1 has a WeChat post and two more, a2 shares one of them."""
    register(office, an_account("a1"), an_account("a2"))
    wechat = an_item(KEY, "10-05 09:30", "国庆假期出行提示", url=LINK, rung=Rung.PLATFORM)
    shared = an_item("shared", "10-06 09:30", "两个账号都发的信息")
    seen(office, "a1", "10-08 10:00", wechat, shared, an_item("own", "10-07 09:30", "县政府办发布的信息"))
    seen(office, "a2", "10-08 10:00", shared)
    return office


def marked(office: Office, name: str, verdict: Originality = ORIGINAL, at: str = "10-09 10:00", **more: str) -> None:
    given = {"by": "张三", "why": "本单位供稿"} | more
    account = given.pop("account_id", None)
    mark_post(office, name, verdict, by=given["by"], why=given["why"], account_id=account, now=moment(at))


def verdicts(office: Office, out: Path, *, now: str = "11-02 10:00", as_of: str | None = None) -> dict[str, str]:
    """The posts of a1 in October as an inspection has them: 原创判定 and 人工修正, by title."""
    inspect(office, "2026-10", out, now=now, as_of=as_of)
    rows = [row for row in read_back(out / "2026-10").posts if row["账号编号"] == "a1"]
    return {row["标题"]: f"{row['原创判定']} {row['人工修正']}".strip() for row in rows}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(KEY, id="its key"),
        pytest.param(LINK, id="its link"),
        pytest.param(f"  {LINK}&scene=1&chksm=9#rd ", id="its link as another visit shows it"),
    ],
)
def test_a_post_is_found_by_its_key_or_link(ready: Office, name: str) -> None:
    found = find_post(ready, name, None)
    assert (found.account_id, found.key) == ("a1", KEY)


@pytest.mark.parametrize(
    ("name", "account_id", "sentence"),
    [
        pytest.param(
            "shared", None, r"有2个账号发布过“shared”：a1、a2；请加 --account 账号编号 指明是哪一个。", id="several"
        ),
        pytest.param("", None, "没有写明是哪条信息", id="nothing"),
        pytest.param("wechat:MzA:100:2", None, f"最接近的是账号 a1 的《国庆假期出行提示》（{KEY}）", id="mistyped"),
        pytest.param("县政府办发布的信息", None, "最接近的是账号 a1 的《县政府办发布的信息》（own）", id="a title"),
        pytest.param("own", "a2", "^账号 a2 没有键或链接为“own”的信息；", id="another account's"),
        pytest.param("shared", "a3", "账号编号“a3”不在备案台账中", id="an unknown account"),
        pytest.param("zzzzzzzzzzzzzzzzzzzzzzz", None, "的信息；请用 xunjian posts list", id="like nothing"),
    ],
)
def test_what_is_no_single_post_is_said(ready: Office, name: str, account_id: str | None, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        find_post(ready, name, account_id)


def test_one_link_of_several_posts_is_told_apart_by_their_keys(office: Office) -> None:
    register(office, an_account("a1"))
    link = "https://county.example/one"
    seen(office, "a1", "10-08 10:00", an_item("x", "10-05 09:30", url=link), an_item("y", "10-06 09:30", url=link))
    with pytest.raises(RequestError, match="账号 a1 有2条信息的链接都是.*请改写信息的键，可用的有：x、y。"):
        find_post(office, link, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"by": " "}, "--by 不能为空；请写明作出判定的人的姓名。"), ({"why": ""}, "--why 不能为空；请写明判定的理由。")],
)
def test_who_and_why_are_required(ready: Office, given: dict[str, str], sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        marked(ready, KEY, ORIGINAL, **given)


def test_a_decision_counts_from_its_moment_on(ready: Office, tmp_path: Path) -> None:
    marked(ready, KEY)
    assert verdicts(ready, tmp_path / "now")["国庆假期出行提示"] == "原创 原创（张三，2026-10-09 10:00：本单位供稿）"
    assert verdicts(ready, tmp_path / "then", as_of="10-09 09:59")["国庆假期出行提示"] == "未判定"


def test_the_newest_decision_replaces_the_others_and_history_is_kept(ready: Office, tmp_path: Path) -> None:
    marked(ready, KEY)
    marked(ready, LINK, REPOST, at="10-10 10:00", by="李四", why="核实为转载")
    assert verdicts(ready, tmp_path / "now")["国庆假期出行提示"].startswith("转载 转载（李四")
    assert verdicts(ready, tmp_path / "then", as_of="10-10 09:00")["国庆假期出行提示"].startswith("原创 原创（张三")
    decided = history_of(ready, KEY, None, now=moment("10-11")).decisions
    assert [(each.originality, each.by) for each in decided] == [(ORIGINAL, "张三"), (REPOST, "李四")]


def test_a_decision_on_one_account_s_post_is_none_on_another_s(ready: Office) -> None:
    marked(ready, "shared", account_id="a1")
    one, other = (posts_of_month(ready, each, "2026-10", now=moment("11-02")).posts for each in ("a1", "a2"))
    assert next(each.classified.originality for each in one if each.post.key == "shared") is ORIGINAL
    assert other[0].classified.originality is Originality.UNDETERMINED


def test_a_decision_outlives_everything_that_is_seen_later(ready: Office, tmp_path: Path) -> None:
    marked(ready, KEY)
    listed = an_item(KEY, "10-05 09:30", "国庆假期出行提示", url=LINK, rung=Rung.PLATFORM)
    seen(ready, "a1", "10-10 10:00", listed)  # listed again
    restated = an_item(
        KEY, "10-06 08:00", "国庆假期出行提示（更新）", url=LINK, text="来源：新华社", rung=Rung.PLATFORM
    )
    seen(ready, "a1", "10-11 10:00", restated)  # restated, another title, a text that speaks against it
    renamed = an_item(
        "wechat:s:abcdefgh", "10-06 08:00", "国庆假期出行提示（更新）", other_keys=(KEY,), rung=Rung.PLATFORM
    )
    seen(ready, "a1", "10-12 10:00", renamed)  # under another key
    article = Article(
        title="国庆假期出行提示（更新）",
        stated=Stated(at=moment("10-06 08:00"), precision=Precision.MINUTE, raw="2026-10-06 08:00", form="y-m-d"),
        text="来源：新华社",
    )
    page = PageVisit(
        account_id="a1",
        key=KEY,
        url=LINK,
        lane="mp.weixin.qq.com",
        started_at=moment("10-13 10:00"),
        ended_at=moment("10-13 10:00") + timedelta(seconds=1),
        outcome=Outcome.NEW,
        status=200,
        final_url=LINK,
        article=article,
    )
    with ready.database.begin() as session:
        save_page(session, page, ready.zone)  # its own page read
    found = verdicts(ready, tmp_path / "after")
    assert [each for each in found.values() if each.startswith("原创 原创（张三")] == [
        "原创 原创（张三，2026-10-09 10:00：本单位供稿）"
    ]
    assert len(found) == 3
    history = history_of(ready, KEY, None, now=moment("11-02"))
    assert history.post.correction is not None
    assert history.classified.originality is ORIGINAL
    assert find_post(ready, "wechat:s:abcdefgh", None).key == history.post.key
    assert verdicts(ready, tmp_path / "again") == found


def test_a_history_tells_what_changed_and_when_it_was_known(ready: Office) -> None:
    changed = an_item("own", "10-04 09:30", "县政府办发布的通知", text="第二版正文")
    seen(ready, "a1", "10-09 10:00", changed)
    found = history_of(ready, "own", "a1", now=moment("10-20"))
    assert [(each.known_from, each.post.title) for each in found.revisions] == [
        (moment("10-08 10:00"), "县政府办发布的信息"),
        (moment("10-09 10:00"), "县政府办发布的通知"),
    ]
    assert found.post.other_times == (moment("10-07 09:30"),)
    assert found.page is None or found.page.tried_at is None


def test_posts_of_a_month_are_those_of_the_report(ready: Office, tmp_path: Path) -> None:
    marked(ready, KEY)
    listed = posts_of_month(ready, "a1", "2026-10", now=moment("11-02 10:00"))
    inspect(ready, "2026-10", tmp_path)
    rows = [row for row in read_back(tmp_path / "2026-10").posts if row["账号编号"] == "a1"]
    assert [(each.post.title, each.classified.originality.value) for each in listed.posts] == [
        (row["标题"], row["原创判定"]) for row in rows
    ]
    assert posts_of_month(ready, "a1", None, now=moment("11-02 10:00")).posts == ()
    with pytest.raises(RequestError, match="尚未开始"):
        posts_of_month(ready, "a1", "2026-12", now=moment("11-02 10:00"))
