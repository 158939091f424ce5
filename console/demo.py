"""``xunjian demo``: the whole main job on the sample county, with the very functions that the commands use."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

from console.config import load
from console.demo_county import County, build_county, source_list
from console.demo_courses import term_of
from console.demo_folder import claim, seal
from console.demo_links import BEIJING, Hosts, address_of
from console.demo_server import CONTROL, serve
from console.files import write_whole
from console.offices import opened_office
from console.reference import shipped_notices
from console.registry import read_registry, write_registry
from console.show.inspection import inspection_lines, progress_display
from console.show.visits import closing_lines, visit_display
from monitor.values import Account
from monitor.visits import Outcome, Visit
from monitor.wording import full_day
from monitor.workdays import Workdays
from reports.parts import file_names
from schedules.collect import collect
from schedules.inspect import inspect_month
from schedules.office import Office
from storage.accounts import save_accounts

CONFIG, REGISTRY, SOURCES, INSPECTIONS = "xunjian.toml", "accounts.csv", "sources.csv", "inspections"
OFFICE = (CONFIG, REGISTRY, SOURCES)
EVIDENCE = ("evidence/*.warc.gz", "evidence/.lock")
DATABASES = ("xunjian.db", "xunjian.db-wal", "xunjian.db-shm")
EXAMPLE, COPYING = "YX-007", "YX-019"
EXPORT = "evidence-export"


def run_demo(out: Path, now: datetime | None = None) -> int:
    """Serve the county, collect, inspect last month into ``out`` and say what came of it; returns the exit status.

    ``now`` (aware) is the moment to pretend, by default the present one. Raises FileError for a folder that cannot be
    used.
    """
    now = (datetime.now(UTC) if now is None else now).astimezone(BEIJING)
    term = term_of(now.date(), Workdays(shipped_notices()))
    then = datetime.combine(term.earlier, time(10), BEIJING)
    month = f"{term.first:%Y-%m}"
    with serve(build_county(then, term)) as served:
        county = build_county(now.replace(microsecond=0), term)
        accounts = _accounts(county, served.hosts)
        claim(out, (*OFFICE, *EVIDENCE, *DATABASES, *(f"{INSPECTIONS}/{month}/{name}" for name in file_names(month))))
        write_whole(out / CONFIG, _config(county, served.hosts).encode(), "配置文件")
        write_registry(out / REGISTRY, accounts)
        write_whole(out / SOURCES, source_list(), "稿源名单")
        seal(out, OFFICE)
        print(
            f"示例县“云溪县”（虚构）的{len(accounts)}个账号由本机提供，不联网；今天是{full_day(now.date())}，检查上个月。"
        )
        with opened_office(load(out / CONFIG)) as office:
            _import(office, out / REGISTRY, now)
            print(f"\n二、采集：先演示{full_day(term.earlier)}的一次，再采集今天的")
            _collect(office, accounts, _clock(then), in_full=False)
            served.show(county)
            _collect(office, accounts, _clock(now), in_full=True)
            print(f"\n三、月度全覆盖检查 {month}")
            with progress_display() as on_progress:
                report = inspect_month(office, month, out / INSPECTIONS, now=now, as_of=None, on_progress=on_progress)
    for line in (*inspection_lines(report), *_next_steps(out, month)):
        print(line)
    return 0


def _clock(begin: datetime) -> Callable[[], datetime]:
    """Return a clock that goes on from ``begin``."""
    started = monotonic()
    return lambda: (begin + timedelta(seconds=monotonic() - started)).astimezone(UTC)


def _import(office: Office, registry: Path, now: datetime) -> None:
    found = read_registry(registry, now.date())
    with office.database.begin() as session:
        save_accounts(session, found, now)
    print(f"\n一、导入台账 {registry}：{len(found)}个账号")


def _collect(office: Office, accounts: Sequence[Account], clock: Callable[[], datetime], *, in_full: bool) -> None:
    known = {each.account_id: each for each in accounts}
    display = visit_display(known, office.zone) if in_full else nullcontext(_say_nothing)
    with display as on_visit:
        report = collect(office, (), clock=clock, on_visit=on_visit)
    if report.interrupted:
        raise KeyboardInterrupt
    lines = list(closing_lines(report.visits, report.new_posts, report.revised_posts, known))
    for line in lines if in_full else lines[:1]:
        print(line)
    gone = report.pages.get(Outcome.GONE, 0)
    print(
        f"打开了{sum(report.pages.values())}条信息自己的页面，补上列表没有的正文、时间和来源"
        + (f"；{gone}个页面已不存在，隔日再次证实才认定为删除。" if gone else "。")
    )
    if in_full:
        print("（未成功的两个是有意安排的：一个订阅桥停滞，一个平台要求验证。没有看到，就不说“未更新”。）")


def _say_nothing(_visit: Visit, _done: int, _total: int) -> None:
    """Show no line for a visit."""


def _accounts(county: County, hosts: Hosts) -> list[Account]:
    """Return the accounts with the addresses under which they are served now."""
    return [replace(each.account, addresses=(address_of(each, hosts),)) for each in county.accounts]


def _config(county: County, hosts: Hosts) -> str:
    lines = [
        "# 演示用的配置：采集地址由演示程序在本机提供，演示结束后不再应答。",
        "[office]",
        f'name = "{county.office}"',
        f'timezone = "{BEIJING.key}"',
        "",
        "[storage]",
        f'url = "sqlite:///{DATABASES[0]}"',
        "",
        "[crawl]",
        'allow_private_addresses = ["127.0.0.0/8"]       # 只有演示才这样写',
        "delay_seconds = 0",
        "details_per_lane = 200",
        "",
        "[originality]",
        f'source_lists = ["{SOURCES}"]',
        "",
    ]
    for name, host in hosts.items():
        lines += [f"[lanes.{name}]", f'hosts = ["{host}"]']
        if name in county.controls:
            lines += [f'control = "http://{host}{CONTROL}"', "control_max_age_hours = 24"]
        lines += [""]
    lines += ["[policy]", 'preset = "gaoxian"']
    for code, clause in county.clauses.items():
        lines += [f"[policy.{code}]", "enabled = true", f'clause = "{clause}"']
    return "\n".join([*lines, ""])


def _next_steps(out: Path, month: str) -> Iterator[str]:
    command, own = _command(), f"--config office/{CONFIG}"
    yield ""
    yield "看一个账号的判定和佐证："
    yield f"  {command} check {EXAMPLE} --no-collect --config {out / CONFIG}"
    yield "看一个账号的信息哪些是原创、凭什么判定，导出一个问题的佐证（含采集时的原始页面）："
    yield f"  {command} posts list {COPYING} --month {month} --config {out / CONFIG}"
    yield f"  {command} evidence export {month}/{COPYING}/YC-03 --out {out / EXPORT} --config {out / CONFIG}"
    yield f"检查自己的账号：先运行第一行，填好 office/{REGISTRY} 和 office/{CONFIG}，再运行其余各行："
    yield f"  {command} init office"
    yield f"  {command} accounts import office/{REGISTRY} {own}"
    yield f"  {command} collect {own}"
    yield f"  {command} inspect {month} {own} --out office/{INSPECTIONS}"


def _command() -> str:
    """Return how the command is called from here: by its name where the shell finds it, else by its place."""
    if shutil.which("xunjian"):
        return "xunjian"
    place = Path(sys.executable).with_name("xunjian")
    return str(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place)
