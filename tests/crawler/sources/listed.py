"""Posts of a county and the means to set them out as a site's pages do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from crawler.sources.page import ListPage, read_list
from monitor.visits import NO_SELECTORS

HOST = "http://www.gaoxian.gov.cn"
HERE = f"{HOST}/xwzx/gzdt/"
URL = f"{HERE}index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    number: int
    title: str
    day: str

    @property
    def fields(self) -> dict[str, str]:
        year, month, day = self.day.split("-")
        cut = f"{self.title[:14]}..." if len(self.title) > 14 else self.title
        return {
            "t": self.title, "cut": cut, "n": str(self.number), "date": self.day, "i": str(4021 - self.number),
            "y": year, "m": month, "d": day, "m1": str(int(month)), "d1": str(int(day)),
        }  # fmt: skip


def posts(*pairs: tuple[str, str]) -> tuple[Post, ...]:
    return tuple(Post(number=number, title=title, day=day) for number, (title, day) in enumerate(pairs, start=1))


# Titles that are hard on a reader: other days and years in them, words of navigation, one of two letters.
POSTS = posts(
    ("关于2025年度县级部门决算公开的通知", "2026-11-19"),
    ("县委书记王建国到文江镇调研产业发展工作", "2026-11-18"),
    ("11月20日起城区部分路段实行交通管制的通告", "2026-11-16"),
    ("高县2026年1月至10月经济运行情况", "2026-11-13"),
    ("我县召开“十五五”规划编制工作座谈会", "2026-11-13"),
    ("公示", "2026-11-09"),
    ("【图解】一图读懂《高县城乡居民基本医疗保险办法》", "2026-11-05"),
    ("高县住房和城乡建设局关于2026年9月30日前完成农村危房改造任务的通知", "2026-10-28"),
    ("喜报！我县3个村入选国家森林乡村", "2026-10-09"),
    ("热点回应：关于网民反映的校车问题（2026年9月）", "2025-12-31"),
    ("更多群众用上清洁能源", "2025-12-30"),
    ("下载国家反诈中心App 守护群众钱袋子", "2025-11-02"),
)
THIS_YEAR = POSTS[:9]
OTHERS = posts(
    ("全县秋粮收购工作平稳有序推进", "2026-11-20"),
    ("县医院开展冬季呼吸道疾病义诊活动", "2026-11-17"),
    ("文江镇：红桔喜获丰收 果农笑开颜", "2026-11-12"),
    ("我县举行2026年消防安全应急演练", "2026-11-08"),
    ("县图书馆新馆本月底试运行", "2026-11-01"),
)


def rows(template: str, chosen: Sequence[Post] = POSTS, joint: str = "\n") -> str:
    made = Template(template)
    return joint.join(made.substitute(each.fields) for each in chosen)


def whole(chosen: Sequence[Post] = POSTS, link: str = "$n.html") -> list[tuple[str, str, str]]:
    """Return what must be read: titles, days, and links relative to the page or absolute."""
    made = Template(link)
    return [(each.title, each.day, made.substitute(each.fields)) for each in chosen]


def short(chosen: Sequence[Post] = THIS_YEAR, link: str = "$n.html") -> list[tuple[str, str, str]]:
    """Return the same where the page says no year."""
    return [(title, day[5:], there) for title, day, there in whole(chosen, link)]


def read(text: str, url: str = URL) -> ListPage:
    return read_list(text, url, NO_SELECTORS)


def shown(page: ListPage) -> list[tuple[str, str, str]]:
    """Return titles, days with two figures to a month, and links without what the page's own address says."""
    assert page.wire is not None, page.reason
    return [
        (each.title, _day(each.dates[0] if each.dates else ""), each.link.removeprefix(HERE))
        for each in page.wire.entries
    ]


def _day(raw: str) -> str:
    if re.search(r"\d+\s*(?:小时|分钟|天)前|今天|昨天|刚刚", raw):
        return raw
    figures = re.findall(r"\d+", raw)
    return "-".join(each.zfill(2) for each in (figures[:3] if figures and len(figures[0]) == 4 else figures[:2]))
