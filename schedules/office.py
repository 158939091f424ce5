"""What every use case is given: the office's database, zone, policy, working days and ways of collecting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.lanes import lane_of
from crawler.settings import CrawlSettings, LaneConfig
from crawler.sources.kinds import SEES, asked_url, kind_of
from monitor.errors import XunjianError
from monitor.findings import Window
from monitor.frame import Frame
from monitor.policy import Policy
from monitor.values import Account
from monitor.visits import NO_SELECTORS, Selectors, Source
from monitor.workdays import Workdays
from notices.routing import Routing
from reports.bulletin_settings import BulletinSettings
from schedules.settings import DaemonSettings
from storage.accounts import account, all_accounts
from storage.database import Database


class RequestError(XunjianError):
    """What was asked for does not exist or cannot be done."""


class StoppedError(XunjianError):
    """A job was asked to stop before its end; what it had stored stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSetting:
    """What the configuration says of a source.

    ``timezone`` is an IANA name, None for the office's; ``lag`` is how late it sees a post, None for its lane's.
    ``complete``, ``sees`` and ``selectors`` are as Source has them.
    """

    timezone: str | None = None
    lag: timedelta | None = None
    complete: bool | None = None
    sees: tuple[str, ...] = ()
    selectors: Selectors = NO_SELECTORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One office (主管单位). ``source_settings`` are keyed by account id or by source address.

    ``approved_sources`` is the 稿源名单, None where there is none. ``evidence`` is the folder of the archive of answers
    (None: none is kept), ``evidence_days`` for how long answers stay that no finding rests on. ``daemon`` says how all
    of this runs by itself, ``routing`` who is told, ``bulletin`` how the bulletin is headed and signed.
    """

    name: str
    zone: ZoneInfo
    database: Database
    policy: Policy
    workdays: Workdays
    crawl: CrawlSettings = CrawlSettings()
    lanes: tuple[LaneConfig, ...] = ()
    source_settings: Mapping[str, SourceSetting] = field(default_factory=dict[str, SourceSetting])
    approved_sources: frozenset[str] | None = None
    evidence: Path | None = None
    evidence_days: int = 400
    daemon: DaemonSettings = DaemonSettings()
    routing: Routing = Routing()
    bulletin: BulletinSettings = BulletinSettings()

    def configured(self, source: Source) -> Source:
        """Return a source as the office sets it; what is said of its address comes before its account's."""
        said = self.source_settings.get(source.url) or self.source_settings.get(source.account_id or "")
        setting = said or SourceSetting()
        kind = source.kind or kind_of(source.url)
        lane = self.lane_of(source)
        lane_lag = next((each.lag for each in self.lanes if each.name == lane), timedelta(0))
        return replace(
            source,
            timezone=setting.timezone or self.zone.key,
            lag=lane_lag if setting.lag is None else setting.lag,
            complete=setting.complete,
            sees=setting.sees or SEES.get(kind, ()),
            kind=kind,
            selectors=setting.selectors,
        )

    def frame(self, period: Window, time_point: datetime) -> Frame:
        """Return what judging ``period`` up to ``time_point`` (UTC) shares over all accounts."""
        return Frame(
            period=period,
            time_point=time_point,
            zone=self.zone,
            workdays=self.workdays,
            policy=self.policy,
            approved_sources=self.approved_sources,
        )

    def lane_of(self, source: Source) -> str:
        """Return the lane of the address at which a source is really asked for."""
        return lane_of(asked_url(source.url, source.kind), self.lanes)

    def account(self, account_id: str) -> Account:
        """Return an account of the registry; an unknown one is a RequestError that names the nearest."""
        with self.database.read() as session:
            if found := account(session, account_id):
                return found
            known = [each.account_id for each in all_accounts(session)]
        near = get_close_matches(account_id, known, n=1, cutoff=0.5)
        hint = f"，是否为“{near[0]}”" if near else ""
        raise RequestError(f"账号编号“{account_id}”不在备案台账中{hint}；可用 xunjian accounts list 查看全部账号。")

    def refuse_future(self, as_of: datetime | None, now: datetime) -> None:
        """Raise a RequestError where ``--as-of`` names a moment that has not come yet."""
        if as_of is not None and as_of > now:
            shown = f"{as_of.astimezone(self.zone):%Y-%m-%d %H:%M}"
            raise RequestError(f"--as-of {shown} 晚于当前时间；请填写已经过去的时间。")
