"""Offices whose October was inspected and reviewed: a mixed one, one without findings, one of which nothing was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from console.reference import shipped_scheme
from console.show.account_record import history_record
from console.show.inspection import inspection_lines
from monitor.decisions import Reason
from monitor.findings import Severity
from monitor.values import Item, Mark, Platform
from schedules.account_history import account_history
from schedules.assessing import assess_year
from schedules.deciding import confirm, dismiss
from schedules.entering import NewFinding, add_finding
from schedules.office import Office
from tests.monitor.builders import moment
from tests.schedules.offices import an_account, daily, inspect, register, seen
from tests.schedules.reading import (
    Book,
    Bulletin,
    Page,
    Row,
    Table,
    read_book,
    read_bulletin,
    read_csv,
    read_page,
    read_record,
)

MONTH: Final = "2026-10"
BOOK: Final = f"政务新媒体检查情况-{MONTH}.xlsx"
CONTACT, PHONE = "王某某", "0831-5412345"
FORMULA = '=HYPERLINK("http://x.example","点此")'
TITLES = (FORMULA, "“双减”政策丨一图读懂🎉", "-1+2", "六十个字的标题" * 9, "'单引号", "联系电话13812345678")
DISMISSED = "a5:GX-03:2026-10-12/2026-10-18"
SECRET = "写错了的政治表述"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything that an office has in its hands of one month."""

    folder: Path
    files: tuple[Path, ...]
    summary: Table
    findings: Table
    posts: Table
    rechecks: Table
    record: dict[str, Any]
    public: Table
    page: Page
    book: Book
    bulletin: Bulletin
    terminal: list[str]
    year: Mapping[str, Table]
    year_book: Book
    histories: Mapping[str, dict[str, Any]]

    @property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """The accounts of inspection.json by number."""
        return {each["account"]["account_id"]: each for each in self.record["accounts"]}

    def grave(self) -> Table:
        """The findings that make an account 不合格."""
        return [each for each in self.findings if each["核实状态"] == "已核实" and each["问题性质"] in ("否决", "通报")]

    def of(self, account_id: str) -> Row:
        (found,) = (each for each in self.summary if each["账号编号"] == account_id)
        return found


def mixed(office: Office, out: Path) -> None:
    """Leave an October of every result, with a September to be looked at again, and inspect it anew once reviewed."""
    accounts = (
        an_account("a1", name="高县丨“发布”🎉" + "长" * 51, contact=CONTACT, phone=PHONE, supervisor="县委宣传部"),
        an_account("a2", name="=高县教育", platform=Platform.WEIBO, organizer="县教育局", contact=CONTACT),
        an_account("a3", platform=Platform.WEIBO, organizer="县教育局"),
        an_account("a4", platform=Platform.DOUYIN, organizer='县"公安"局'),
        an_account("a5", platform=Platform.DOUYIN, phone=PHONE),
        an_account("a6", main=True, organizer="县医保局"),
        an_account("a7", platform=Platform.TOUTIAO, organizer="县农业农村局"),
        an_account("a8", platform=Platform.TOUTIAO, organizer="县档案馆"),
        an_account("a9", platform=Platform.TOUTIAO, closed=date(2026, 8, 31)),
        an_account("b1", organizer="县档案馆"),
    )
    register(office, *accounts)
    _see(office, "a1", _titled(_own("08-10", "10-31")), reposts=("10-08", "10-09", "10-10"))
    _see(office, "a2", [*_own("06-01", "06-10"), *_own("10-22", "10-31")])
    _see(office, "a3", _own("06-01", "06-10"))
    _see(office, "a4", daily("08-10", "10-31", prefix="a4"))
    _see(office, "a5", [*_own("08-10", "10-11"), *_own("10-19", "10-31")])
    _see(office, "a6", [*_own("08-10", "09-30"), *daily("10-01", "10-13"), *daily("10-16", "10-31")])
    seen(office, "a7", "10-09 08:00", *_own("06-01", "06-10"), proves="03-01")  # nothing more was seen of it
    _see(office, "b1", daily("08-10", "10-31", prefix="b1"))
    inspect(office, "2026-09", out, now="10-09 10:00")
    inspect(office, MONTH, out)
    _review(office, out)


def _review(office: Office, out: Path) -> None:
    given: dict[str, Any] = {"month": None, "by": "张三", "now": moment("11-03 10:00")}
    confirm(office, ["a4:YC-01"], **given)
    dismiss(office, [DISMISSED], reason=Reason.POSTED, note="当日已发布", **given)
    shot = out / "截图.png"
    shot.write_bytes(b"picture")
    for code, grade, text in (("HD-01", None, "留言功能无法使用"), ("NR-01", Severity.BULLETIN, SECRET)):
        new = NewFinding(
            account_id="a6",
            code=code,
            window="2026-10-12",
            text=text,
            by="张三",
            severity=grade,
            url="https://county.example/a6?a=1&b=“2”",
            title=FORMULA,
            files=(shot,),
        )
        add_finding(office, new, now=moment("11-03 11:00"))


def spotless(office: Office, out: Path) -> None:
    """Leave an October in which everything was in order."""
    register(office, an_account("a1"), an_account("a2", platform=Platform.WEIBO))
    for account_id in ("a1", "a2"):
        _see(office, account_id, _own("08-10", "10-31"))


def unseen(office: Office, out: Path) -> None:
    """Leave an October of which nothing was seen."""
    register(office, an_account("a1"), an_account("a2", platform=Platform.WEIBO, main=True))


SHAPES: Final = {"mixed": mixed, "spotless": spotless, "unseen": unseen}


def built(name: str, office: Office, out: Path) -> Shape:
    """Build an office by name, inspect its October, assess its year, and read everything back."""
    SHAPES[name](office, out)
    report = inspect(office, MONTH, out, now="11-04 10:00")
    now = moment("11-05 10:00")
    year = assess_year(office, "2026", out / "year", shipped_scheme("hundred"), now=now, by_quarter=True)
    folder = report.folder
    summary = read_csv(folder / "summary.csv")
    return Shape(
        folder=folder,
        files=report.files,
        summary=summary,
        findings=read_csv(folder / "findings.csv"),
        posts=read_csv(folder / "posts.csv"),
        rechecks=read_csv(folder / "rechecks.csv"),
        record=read_record(folder / "inspection.json"),
        public=read_csv(folder / f"公开版-{MONTH}.csv"),
        page=read_page(folder / f"公开版-{MONTH}.html"),
        book=read_book(folder / BOOK),
        bulletin=read_bulletin(folder / f"通报-{MONTH}.docx"),
        terminal=list(inspection_lines(report)),
        year={file.name: read_csv(file) for file in year.files if file.suffix == ".csv"},
        year_book=read_book(year.folder / "年度考核-2026.xlsx", above=2),
        histories={
            each["账号编号"]: history_record(account_history(office, each["账号编号"], now=now)) for each in summary
        },
    )


def _own(first: str, last: str) -> list[Item]:
    return daily(first, last, mark=Mark.ORIGINAL)


def _see(office: Office, account_id: str, items: Iterable[Item], *, reposts: tuple[str, ...] = ()) -> None:
    given = [each for each in items if each.key not in {f"p{day.replace('-', '')}" for day in reposts}]
    again = [one for day in reposts for one in daily(day, day, mark=Mark.REPOST)]
    seen(office, account_id, "11-01 10:00", *given, *again, proves="03-01")


def _titled(items: list[Item]) -> list[Item]:
    """Give the newest posts the titles that no file may stumble over."""
    return [
        *items[: -len(TITLES)],
        *(replace(each, title=title) for each, title in zip(items[-len(TITLES) :], TITLES, strict=True)),
    ]
