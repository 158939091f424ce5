"""One account before its judge: what was observed of it, by local day, and how one window is decided."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from monitor.decisions import Decision, Entered
from monitor.disposal import Disposition
from monitor.findings import Judged, Verdict, Window
from monitor.frame import ONE_DAY, Frame
from monitor.life import in_force, term
from monitor.likeness import Near
from monitor.originality import Classified, classify, own_names
from monitor.spans import Coverage
from monitor.tally import Dated, Tally, Unsure
from monitor.values import Account, Flag, Originality, Post
from monitor.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """What is known of one account.

    ``posts`` are all posts known from the local day ``horizon`` on, undated ones by the day in which they were first
    seen; ``earlier`` the newest one before it, and the newest unsuspicious one where that is another. ``visits``
    (without items) are needed only to name the causes of gaps; they may be left out at first. ``near`` has, by the key
    of a post, the near-identical posts of other accounts. ``decisions`` and ``entered`` are what people decided and
    entered, ``dispositions`` the account's ledger, ``failed_months`` (``2026-09``) the earlier months of the counter
    window in which it was 不合格.
    """

    horizon: date
    posts: tuple[Post, ...] = ()
    earlier: tuple[Post, ...] = ()
    coverage: Coverage = ()
    visits: tuple[Visit, ...] = ()
    near: Mapping[str, tuple[Near, ...]] = field(default_factory=dict[str, tuple[Near, ...]])
    decisions: tuple[Decision, ...] = ()
    entered: tuple[Entered, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    failed_months: tuple[str, ...] = ()


UNCONFIRMED = "仅见于自查上报，尚未核实"
"""Why a post that only its unit states must be looked at."""

OTHERWISE = "的页面所载日期与自查上报不符"
"""Why a post must be looked at that counts for nothing as its unit reports it, and whose page states another day."""


class Case:
    """One account in one judging run; everything is derived from what was given, once."""

    def __init__(self, account: Account, seen: Observations, frame: Frame) -> None:
        """Sort what was observed by local day; nothing after the time point is used."""
        self.account = account
        self.seen = seen
        self.frame = frame
        self.term = term(account)
        self.judged: dict[str, tuple[Judged, ...]] = {}  # by code, as far as rules were judged, with people's decisions
        self.own, today = own_names(account), frame.today
        posts = list({post.key: post for post in (*seen.earlier, *seen.posts)}.values())
        posts.sort(key=_order)
        zone = frame.zone
        classed = self._classes(posts)
        given = [
            Dated((post.published_at or post.seen_at).astimezone(zone).date(), post, classified)
            for post, classified in zip(posts, classed, strict=True)
        ]
        self._given = given if not given or given[-1].day <= today else [each for each in given if each.day <= today]
        # Of most accounts there are none of these, so one pass looks for all of them.
        special = [each for each in given if each.post.flags or each.post.published_at is None]
        void = {id(each) for each in special if _is_void(each.post)}
        self._reported = [each for each in special if id(each) in void and Flag.CONTRADICTED not in each.post.flags]
        self._denied = [each for each in special if Flag.CONTRADICTED in each.post.flags and each.post.other_times]
        self.dated = [each for each in self._given if id(each) not in void] if void else self._given
        self._days = [each.day for each in self.dated]
        self._moved = [each for each in given if each.post.other_times and id(each) not in void]
        self._undated = [each for each in special if each.post.published_at is None and id(each) not in void]
        self._shaky = [
            each
            for each in special
            if Flag.BACKDATED in each.post.flags
            and each.post.published_at is not None
            and each.day <= today
            and id(each) not in void
        ]
        apart = {id(each) for each in (*self._undated, *self._shaky)}
        self._solid = [each for each in self.dated if id(each) not in apart] if apart else self.dated

    def _classes(self, posts: Sequence[Post]) -> list[Classified]:
        """Classify posts; near-identical is what the policy's YC-03 calls so."""
        own, near = self.own, self.seen.near
        if not near:
            return [classify(post, own) for post in posts]
        least = self.frame.rule("YC-03").number("similarity")
        return [
            classify(post, own, [each for each in near.get(post.key, ()) if each.percent >= least]) for post in posts
        ]

    @cached_property
    def any_post(self) -> Tally:
        """Posts of every class."""
        return Tally(self._solid, self._shaky, self._unsure(frozenset(Originality)))

    @cached_property
    def originals(self) -> Tally:
        """Original posts, where those of unknown class count as the policy has it."""
        original, unknown = Originality.ORIGINAL, Originality.UNDETERMINED
        counts_as = self.frame.rule("YC-01").text("unknown")
        taken = frozenset({original, unknown} if counts_as == original else {original})
        possible = taken if counts_as == Originality.REPOST else frozenset({original, unknown})
        in_doubt = possible - taken
        unclassed = [
            Unsure(each.day, each.post, "原创与否未判定")
            for some in (self._solid, self._shaky)
            for each in some
            if each.classified.originality in in_doubt
        ]
        return Tally(
            [each for each in self._solid if each.classified.originality in taken],
            [each for each in self._shaky if each.classified.originality in taken],
            unclassed + self._unsure(possible),
        )

    def in_window(self, window: Window) -> list[Dated]:
        """Return the posts of ``window`` in order of time: dated ones, and undated ones by the day first seen."""
        return self.dated[bisect_left(self._days, window.first) : bisect_right(self._days, window.last)]

    def shown_in(self, window: Window) -> list[Dated]:
        """Return the posts of ``window`` together with those that count for nothing: only reported, or contradicted."""
        if len(self._given) == len(self.dated):
            return self.in_window(window)
        return [each for each in self._given if each.day in window]

    def posts_of(self, keys: Iterable[str]) -> list[Dated]:
        """Return the posts of these keys that count, in order of time."""
        wanted = set(keys)
        return [each for each in self.dated if each.post.key in wanted]

    def last_post(self, until: date) -> Dated | None:
        """Return the newest post that counts on or before ``until``."""
        return self.any_post.last_before(until + ONE_DAY)

    def covered(self, window: Window) -> bool:
        """Say whether every post of ``window`` would have been seen."""
        for first, last in self._covered_days:  # noqa: SIM110 - asked most often of all; any() takes twice as long
            if first <= window.first and window.last <= last:
                return True
        return False

    def covered_day(self, day: date) -> bool:
        """Say whether every post of one local day would have been seen."""
        for first, last in self._covered_days:  # noqa: SIM110 - as above
            if first <= day <= last:
                return True
        return False

    def covered_since(self, day: date) -> date | None:
        """Return the first whole local day of the covered stretch that holds all of ``day``, or None."""
        return next((first for first, last in self._covered_days if first <= day <= last), None)

    def verdict(self, window: Window, tally: Tally, minimum: int, also: Window | None = None) -> Verdict:
        """Judge one window in which ``minimum`` posts of ``tally`` are due (COVERAGE: Judging a window).

        Posts in ``also``, the window with the days since, let it be met as well.
        """
        if not in_force(self.term, window):
            return Verdict.NOT_APPLICABLE
        wide = also or window
        if (known := tally.count(wide)) >= minimum:
            return Verdict.MET
        if not self.frame.ended(window):
            return Verdict.PENDING
        if (known := known + tally.count_back_dated(wide)) >= minimum:
            return Verdict.REVIEW
        if not self.covered(window):
            return Verdict.UNVERIFIABLE
        return Verdict.REVIEW if known + tally.count_doubtful(wide) >= minimum else Verdict.VERIFIED

    def decide(self, window: Window, tally: Tally, minimum: int, *, also: Window | None = None) -> Judged:
        """Judge one window as ``verdict`` does, and name the posts that decide."""
        verdict, wide = self.verdict(window, tally, minimum, also), also or window
        if verdict is Verdict.NOT_APPLICABLE:
            return Judged(window=window, verdict=verdict)
        if verdict is Verdict.REVIEW:
            return self.review(window, tally, wide)
        posts = tally.first(wide, minimum) if verdict is Verdict.MET else ()
        return Judged(window=window, verdict=verdict, known=tally.count(wide), posts=posts)

    def review(self, window: Window, tally: Tally, wide: Window) -> Judged:
        """Return ``window`` as one for a person's eye, with everything in ``wide`` that might count."""
        found = tally.to_look_at(wide)
        whys = Counter(why for _, why in {(each.post.key, each.why): each.why for each in found})
        return Judged(
            window=window,
            verdict=Verdict.REVIEW,
            known=tally.count(wide),
            posts=tuple(dict.fromkeys(each.post.key for each in found)),
            why="、".join(f"{count}条信息{why}" for why, count in whys.items()),
        )

    @cached_property
    def _covered_days(self) -> list[tuple[date, date]]:
        """Each covered stretch as the first and the last local day that it holds whole, in order."""
        day_of, start = self.frame.day_of, self.frame.start
        found: list[tuple[date, date]] = []
        for stretch in self.seen.coverage:
            first, last = day_of(stretch.start), day_of(stretch.end) - ONE_DAY
            found.append((first if start(first) == stretch.start else first + ONE_DAY, last))
        return found

    def _unsure(self, classes: frozenset[Originality]) -> list[Unsure]:
        """Return undated posts by the day first seen, and posts whose stated day was changed by the days they left."""
        undated = [
            unsure
            for each in self._undated
            if each.classified.originality in classes
            for unsure in self._between(each.post, each.day)
        ]
        moved = [
            Unsure(day, each.post, Flag.RESTATED.value, home=each.day)
            for each in self._moved
            if each.classified.originality in classes
            for day in {self.frame.day_of(moment) for moment in each.post.other_times} - {each.day}
        ]
        reported = [
            unsure
            for each in self._reported
            if each.classified.originality in classes
            for unsure in self._claimed(each)
        ]
        denied = [
            Unsure(day, each.post, OTHERWISE, first=day)
            for each in self._denied
            if each.classified.originality in classes
            for day in sorted({self.frame.day_of(moment) for moment in each.post.other_times})
        ]
        return undated + moved + reported + denied

    def _claimed(self, each: Dated) -> list[Unsure]:
        """Return a post that only its unit states as one that might count, on every day on which it was stated."""
        if each.post.published_at is None:
            return [unsure._replace(why=UNCONFIRMED) for unsure in self._between(each.post, each.day)]
        days = {each.day, *(self.frame.day_of(moment) for moment in each.post.other_times)}
        return [Unsure(day, each.post, UNCONFIRMED, first=day) for day in sorted(days)]

    def _between(self, post: Post, seen: date) -> list[Unsure]:
        """Return an undated post as one that might count on the day first seen, and on any that its place allows."""
        why, day_of = "发布时间无法读取", self.frame.day_of
        first = day_of(post.not_before) if post.not_before else date.min
        last = min(seen, day_of(post.not_after)) if post.not_after else seen
        return [Unsure(seen, post, why, first=seen), Unsure(last, post, why, first=min(first, last))]


def _is_void(post: Post) -> bool:
    """Say whether a post counts for nothing: its unit alone states it, or its own page says otherwise."""
    reported = Flag.REPORTED in post.flags and Flag.CONFIRMED not in post.flags
    return reported or Flag.CONTRADICTED in post.flags


def _order(post: Post) -> tuple[datetime, str]:
    return post.published_at or post.seen_at, post.key
