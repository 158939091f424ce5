from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dates import read_date
from crawler.sources.keys import Identity, Marks, absolute, identities, normal_link, platform_key
from monitor.values import Precision, Rung, Stated
from tests.crawler.sources.bodies import entry, reading, rss

NOON = Stated(at=datetime(2026, 11, 2, 4, tzinfo=UTC), raw="2026-11-02 12:00:00")
LATER = Stated(at=datetime(2026, 11, 3, 4, tzinfo=UTC), raw="2026-11-03 12:00:00")
A_DAY = replace(NOON, precision=Precision.DAY)
HOME = "http://a.cn/index/"


def marks(guid: str = "", url: str = "", title: str = "通知", text: str = "", stated: Stated = NOON) -> Marks:
    return Marks(guid=guid, url=url, title=title, text=text, stated=stated)


def rungs(*each: Marks) -> list[Rung]:
    return [identity.rung for identity in identities(each, HOME)]


def keys(*each: Marks) -> list[str]:
    return [identity.key for identity in identities(each, HOME)]


WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA4&mid=2655&idx=2&sn=e3ab"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param(WECHAT, "wechat:MzA4:2655:2", id="long"),
        pytest.param(WECHAT + "&chksm=85ee&scene=0&xtrack=1#rd", "wechat:MzA4:2655:2", id="shared and tracked"),
        pytest.param(
            WECHAT.replace("https", "http").replace("e3ab", "ffff"), "wechat:MzA4:2655:2", id="another signature"
        ),
        pytest.param(WECHAT.replace("idx=2", "idx=3"), "wechat:MzA4:2655:3", id="the next article of one push"),
        pytest.param(
            "http://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA4&appmsgid=2655&itemidx=2", "wechat:MzA4:2655:2", id="old"
        ),
        pytest.param(
            "https://mp.weixin.qq.com/s/oZa6v-fzvkx427usCsByZw", "wechat:s:oZa6v-fzvkx427usCsByZw", id="short"
        ),
        pytest.param(
            "https://mp.weixin.qq.com/s/oZa6v-fzvkx427usCsByZw?scene=1#wechat_redirect",
            "wechat:s:oZa6v-fzvkx427usCsByZw",
            id="short, shared",
        ),
        pytest.param("https://mp.weixin.qq.com/s?__biz=MzA4&sn=1", "", id="no article number"),
        pytest.param("https://weibo.com/2803301701/P25kB8ajZ", "weibo:5104971531946303", id="a status in base 62"),
        pytest.param("https://m.weibo.cn/status/5104971531946303", "weibo:5104971531946303", id="a status by number"),
        pytest.param("https://m.weibo.cn/detail/5104971531946303?x=1", "weibo:5104971531946303", id="detail"),
        pytest.param("https://weibo.com/2803301701", "", id="an account is no status"),
        pytest.param("https://weibo.com.evil.cn/2803301701/P25kB8ajZ", "", id="another host"),
        pytest.param("https://www.gaoxian.gov.cn/s/abcdef", "", id="any site"),
        pytest.param("http://[bad/", "", id="no address"),
    ],
)
def test_the_platforms_own_key(url: str, key: str) -> None:
    assert platform_key(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/1", "https://a.cn/1"),
        ("https://a.cn:443/1", "http://A.CN:80/1"),
        ("http://a.cn/1?utm_source=x&id=2", "http://a.cn/1?id=2&utm_medium=y"),
        ("http://a.cn/1?spm=1.2", "http://a.cn/1"),
        ("http://a.cn/1#rd", "http://a.cn/1"),
        ("http://a.cn", "http://a.cn/"),
    ],
)
def test_links_that_lead_to_one_post(one: str, other: str) -> None:
    assert normal_link(one) == normal_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/1", "http://a.cn/2"),
        ("http://a.cn/x?id=1", "http://a.cn/x?id=2"),
        ("http://a.cn/#/detail?id=1", "http://a.cn/#/detail?id=2"),
        ("http://a.cn/news#1", "http://a.cn/news#2"),
        ("http://a.cn/x?scene=1", "http://a.cn/x?scene=2"),
        ("http://a.cn:8080/1", "http://a.cn/1"),
        ("http://a.cn/A", "http://a.cn/a"),
    ],
)
def test_links_that_lead_to_two_posts(one: str, other: str) -> None:
    assert normal_link(one) != normal_link(other)


def test_a_link_that_is_none_stays_as_it_is() -> None:
    assert absolute("http://[bad/", "http://a.cn/") == "http://[bad/"
    assert normal_link("http://[bad/") == "http://[bad/"
    assert normal_link("http://a.cn:99999/1") == "a.cn/1"
    assert absolute(" ", "http://a.cn/") == ""


@pytest.mark.parametrize(
    ("each", "rung"),
    [
        pytest.param(marks("g", WECHAT), Rung.PLATFORM, id="a platform's link"),
        pytest.param(marks(WECHAT), Rung.PLATFORM, id="a platform's link in the guid"),
        pytest.param(marks("g", "http://a.cn/1"), Rung.GUID, id="a guid"),
        pytest.param(marks("", "http://a.cn/1"), Rung.LINK_TIME, id="a link"),
        pytest.param(marks("", HOME), Rung.TITLE_TIME, id="a link to the site itself"),
        pytest.param(marks("", "https://b.cn/"), Rung.TITLE_TIME, id="a link to a site's root"),
        pytest.param(marks(), Rung.TITLE_TIME, id="nothing but a title"),
    ],
)
def test_the_strongest_rung_is_taken(each: Marks, rung: Rung) -> None:
    assert rungs(each) == [rung]


def test_a_guid_that_two_items_share_is_none() -> None:
    one, other, own = marks("g", "http://a.cn/1"), marks("g", "http://a.cn/2"), marks("h", "http://a.cn/3")
    assert rungs(one, other, own) == [Rung.LINK_TIME, Rung.LINK_TIME, Rung.GUID]
    for identity in identities((one, other), HOME):
        assert not any(key.startswith("guid:") for key in (identity.key, *identity.other_keys))


def test_an_item_listed_twice_keeps_its_guid_and_is_one() -> None:
    one = marks("g", "http://a.cn/1")
    assert keys(one, one) == ["guid:g", "guid:g"]


def test_a_page_that_lists_posts_needs_their_titles() -> None:
    one, other = marks("", "http://a.cn/list", "一", stated=NOON), marks("", "http://a.cn/list", "二", stated=LATER)
    assert rungs(one, other) == [Rung.LINK_TIME_TITLE, Rung.LINK_TIME_TITLE]


def test_two_posts_that_lead_to_one_article_are_two() -> None:
    one, other = marks("", WECHAT, "一", stated=NOON), marks("", WECHAT, "二", stated=LATER)
    first, second = identities((one, other), HOME)
    assert not all_keys(first) & all_keys(second)
    assert Rung.PLATFORM not in {first.rung, second.rung}
    assert not any(key.startswith("wechat:") for key in all_keys(first) | all_keys(second))


def test_their_dates_are_both_kept() -> None:
    article = WECHAT.replace("&", "&amp;")
    items = [
        f"<item><title>{title}</title><link>{article}</link><pubDate>2026-10-{day} 09:00:00</pubDate></item>"
        for title, day in (("甲", 28), ("乙", 14))
    ]
    listing = reading(rss(*items)).listing
    found = [(each.title, each.stated.at.astimezone(UTC).day) for each in listing.items if each.stated.at]
    assert found == [("甲", 28), ("乙", 14)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(marks("", WECHAT, "另题", stated=NOON), id="another title"),
        pytest.param(marks("", WECHAT + "&scene=1", "通知", stated=LATER), id="another time"),
    ],
)
def test_entries_of_one_article_that_agree_in_title_or_time_are_one(other: Marks) -> None:
    key = platform_key(WECHAT)
    assert keys(marks("", WECHAT, "通知", stated=NOON), other) == [key, key]


def test_equal_titles_without_link_and_date_are_told_apart_by_their_texts() -> None:
    nothing = Stated()
    found = keys(*(marks(text=text, stated=nothing) for text in ("甲", "乙", "甲")))
    assert found[0] == found[2] != found[1]


def test_all_equal_guids_and_links_keep_every_post() -> None:
    items = [f"<item><guid>1</guid><link>http://a.cn/</link><title>标题{number}</title></item>" for number in range(5)]
    listing = reading(rss(*items)).listing
    assert [item.title for item in listing.items] == [f"标题{number}" for number in range(5)]
    assert listing.warnings == ("有1个guid被多条信息共用，改用链接或标题识别", "5条信息没有发布时间")


def test_a_post_listed_twice_is_one_and_said() -> None:
    listing = reading(rss(entry(1), entry(2), entry(1))).listing
    assert [item.title for item in listing.items] == ["标题1", "标题2"]
    assert listing.warnings == ("有1条信息重复列出，已合并",)


def all_keys(identity: Identity) -> set[str]:
    return {identity.key, *identity.other_keys}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(marks("g", "http://a.cn/1"), marks("", "http://a.cn/1"), id="the guid goes"),
        pytest.param(marks("g", "http://a.cn/1"), marks("h", "http://a.cn/1"), id="the guid changes"),
        pytest.param(marks("", "http://a.cn/1"), marks("g", "http://a.cn/1"), id="a guid comes"),
        pytest.param(
            marks("", WECHAT), marks("", "https://mp.weixin.qq.com/s/oZa6v-fzvkx427usCsByZw"), id="WeChat's short link"
        ),
        pytest.param(
            marks("g", "http://a.cn/1"), marks("g", "https://b.cn/2", "改"), id="the link and the title change"
        ),
    ],
)
def test_a_change_of_rung_makes_no_second_post(before: Marks, after: Marks) -> None:
    (old,), (new,) = identities((before,), HOME), identities((after,), HOME)
    assert all_keys(old) & all_keys(new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            marks("g", "http://a.cn/1", stated=A_DAY),
            marks("h", "http://a.cn/2", stated=A_DAY),
            id="one title, one day",
        ),
        pytest.param(
            marks("g", "http://a.cn/1", stated=Stated()),
            marks("h", "http://a.cn/2", stated=Stated()),
            id="one title, no date",
        ),
        pytest.param(
            marks("", "http://a.cn/today", stated=NOON),
            marks("", "http://a.cn/today", stated=LATER),
            id="a page of every day",
        ),
        pytest.param(marks("g", HOME, "一"), marks("h", HOME, "二"), id="links to the site itself"),
    ],
)
def test_two_posts_of_two_polls_stay_two(one: Marks, other: Marks) -> None:
    (first,), (second,) = identities((one,), HOME), identities((other,), HOME)
    assert not all_keys(first) & all_keys(second)


def test_a_date_that_depends_on_the_clock_is_no_part_of_a_key() -> None:
    now, then = (replace(stated, clock_bound=True) for stated in (NOON, LATER))
    url = "http://a.cn/1"
    assert keys(marks("", url, stated=now)) == keys(marks("", url, stated=then))


def test_keys_are_of_bounded_length() -> None:
    long = marks("g" * 9000, "http://a.cn/" + "x" * 9000, "题" * 900)
    (identity,) = identities((long,), HOME)
    assert max(map(len, all_keys(identity))) <= 300
    assert keys(marks("g" * 9000)) != keys(marks("g" * 9001))


MARKS = st.builds(
    marks,
    guid=st.sampled_from(["", "1", "2", WECHAT]),
    url=st.sampled_from(["", HOME, "http://a.cn/1", "https://a.cn/1#rd", "http://a.cn/2", WECHAT]),
    title=st.sampled_from(["", "通知", "公告"]),
    text=st.sampled_from(["", "甲", "乙"]),
    stated=st.sampled_from([NOON, LATER, A_DAY, Stated()]),
)


@given(st.lists(MARKS, max_size=8))
def test_no_key_of_one_post_is_another_posts(each: list[Marks]) -> None:
    found = identities(each, HOME)
    for one in found:
        for other in found:
            assert one.key == other.key or not all_keys(one) & all_keys(other)


@given(st.lists(MARKS, max_size=8))
def test_the_order_of_the_list_makes_no_difference(each: list[Marks]) -> None:
    backwards = identities(each[::-1], HOME)[::-1]
    assert identities(each, HOME) == backwards


def yearless(raw: str) -> Stated:
    return read_date(raw, datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def test_posts_of_one_title_are_told_apart_by_dates_without_a_year() -> None:
    days = [marks(title="天气预报", stated=yearless(raw)) for raw in ("11-22", "11-21", "11月20日")]
    assert len(set(keys(*days))) == 3
    later = marks(
        title="天气预报", stated=read_date("11-21", datetime(2027, 2, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    )
    assert keys(later) == [keys(days[1])[0]]  # read anew in another year, it is the same post


def test_dates_that_read_anew_at_every_visit_are_in_no_key() -> None:
    assert keys(marks(title="快讯", stated=yearless("3小时前"))) == ["title:快讯@"]


def test_a_list_that_begins_to_write_the_year_keeps_its_posts() -> None:
    (before,) = identities([marks(url="http://a.cn/1", stated=yearless("11-05"))], HOME)
    (after,) = identities([marks(url="http://a.cn/1", stated=yearless("2026-11-05"))], HOME)
    assert before.key == "link:a.cn/1@~1105"
    assert before.key in after.other_keys
    (another,) = identities([marks(url="http://a.cn/1", stated=yearless("2026-11-06"))], HOME)
    assert before.key not in {another.key, *another.other_keys}


def test_address_that_several_titles_share_is_no_key() -> None:
    day = yearless("2026-11-05")
    one, other = (marks(url="http://a.cn/view", title=title, stated=day) for title in ("甲", "乙"))
    assert all("link:a.cn/view@~1105" not in each.other_keys for each in identities([one, other], HOME))
