"""A true history of posts, looked at now and then through a short list: what is proven is true, and so is what is said."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.findings import Verdict, Window
from monitor.frame import Frame
from monitor.judge import judge
from monitor.proof import ControlSeen, day_start, prove, reach_of
from monitor.sighting import first_seen, seen_again
from monitor.spans import NOTHING, Coverage, holding, union
from monitor.values import Correction, Item, Post, Precision, Rung, Stated
from monitor.visits import Outcome
from tests.examples import examples
from tests.monitor.builders import LONG_AGO, ORIGINAL, REPOST, ZONE, account, frame, moment, observed, policy

START = moment("2026-09-10")
MINUTE = timedelta(minutes=1)
MINUTES = 60 * 24 * 54
"""From 10 September to 2 November."""


@dataclass(frozen=True, slots=True)
class Published:
    """A post as it really was published; ``precision`` is how much of its time the list states."""

    at: datetime
    key: str
    precision: Precision
    is_original: bool


@dataclass(frozen=True, slots=True)
class World:
    """What really happened, and how it can be looked at."""

    posts: tuple[Published, ...]  # newest first
    size: int
    pins: tuple[str, ...]
    marks_pins: bool
    keeps_pins_in_place: bool
    runs_upwards: bool
    lag: timedelta
    visits: tuple[datetime, ...]
    freezes: tuple[tuple[datetime, datetime], ...]
    control: tuple[datetime, ...]
    has_control: bool

    def view(self, at: datetime) -> datetime:
        """Up to when the source shows posts: it may have frozen, and it may be late."""
        return min([at, *(start for start, end in self.freezes if start <= at < end)])

    def shown(self, at: datetime) -> list[Published]:
        """The list at a visit, as it stands on the page: pinned ones in front, then the newest."""
        view = self.view(at) - self.lag
        there = [each for each in self.posts if each.at <= view]
        pinned = [each for key in self.pins for each in there if each.key == key]
        free = [each for each in there if self.keeps_pins_in_place or each.key not in self.pins][: self.size]
        return [*pinned, *(free[::-1] if self.runs_upwards else free)]

    def looked(self, at: datetime) -> ControlSeen | None:
        if not self.has_control:
            return None
        index = bisect_right(self.control, self.view(at))
        return ControlSeen(at=at, newest=self.control[index - 1] if index else None, ok=True)


def listed(one: Published, *, pinned: bool) -> Item:
    at, end = one.at, None
    if one.precision is Precision.MINUTE:
        at = at.replace(second=0)
    if one.precision is Precision.DAY:
        at = day_start(at.astimezone(ZONE).date(), ZONE)
        end = at + timedelta(days=1)
    said = Stated(at=at, precision=one.precision, raw=f"{at:%m-%d %H:%M:%S}", form="iso", day_end=end)
    return Item(key=one.key, rung=Rung.GUID, title=one.key, stated=said, pinned=pinned)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known after all visits."""

    coverage: Coverage
    posts: tuple[Post, ...]
    shown: frozenset[str]


def watch(world: World) -> Seen:
    """Visit by visit: read the list, keep the posts, and extend the coverage by what the visit proves."""
    coverage: Coverage = NOTHING
    known: dict[str, Post] = {}
    before: dict[str, Coverage] = {}
    true = {each.key: each for each in world.posts}
    for at in world.visits:
        there = world.shown(at)
        marked = world.pins if world.marks_pins else ()
        items = [listed(each, pinned=each.key in marked) for each in there]
        for item in items:
            if item.key in known:
                assert seen_again(known[item.key], item, before[item.key]) is None
            else:
                post, before[item.key] = first_seen(item, "gx-01", at, coverage), coverage
                decided = ORIGINAL if true[item.key].is_original else REPOST
                known[item.key] = replace(
                    post, correction=Correction(originality=decided, by="王某", why="核对", at=at)
                )
        outcome = Outcome.NEW if items else Outcome.EMPTY
        _, proof = prove(outcome, reach_of(items, at), at, lag=world.lag, control=world.looked(at))
        if proof is not None:
            coverage = union((*coverage, proof))
    return Seen(coverage=coverage, posts=tuple(known.values()), shown=frozenset(known))


def anywhere() -> st.SearchStrategy[datetime]:
    return st.integers(0, MINUTES * 60).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def looks(draw: st.DrawFn) -> list[datetime]:
    """The moments of the visits: some hours, a day or some days apart."""
    apart = draw(st.sampled_from([60 * 6, 60 * 24, 60 * 24 * 4]))
    found = [START + MINUTE * draw(st.integers(0, 60 * 24 * 20))]
    for _ in range(draw(st.integers(0, 30))):
        found.append(found[-1] + MINUTE * draw(st.integers(apart // 4, apart)))
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """What happens shortly before a visit is what a lag, a frozen lane or a coarse time may hide: much happens there."""
    visits = draw(looks())
    shortly_before = st.builds(lambda at, minutes: at - MINUTE * minutes, st.sampled_from(visits), st.integers(0, 700))
    some = draw(st.lists(anywhere() | shortly_before, min_size=1, max_size=25))
    ties = draw(st.lists(st.sampled_from(some), max_size=8))  # one push holds up to 8 articles with the same second
    precisions = draw(st.sampled_from([[Precision.SECOND], [Precision.DAY], [Precision.MINUTE], list(Precision)]))
    posts = [
        Published(at=at, key=f"p{n}", precision=draw(st.sampled_from(precisions)), is_original=draw(st.booleans()))
        for n, at in enumerate(sorted([*some, *ties], reverse=True))
    ]
    upwards = draw(st.integers(0, 4)) == 0
    keys = st.lists(st.sampled_from([each.key for each in posts]), max_size=2, unique=True)
    freezes = draw(st.lists(st.tuples(shortly_before, st.integers(1, 200)), max_size=2))
    control = [START + timedelta(hours=hour) for hour in draw(st.lists(st.integers(0, MINUTES // 60), max_size=60))]
    return World(
        posts=tuple(posts),
        size=draw(st.sampled_from([1, 2, 3, 5, 10, 20])),
        pins=() if upwards else tuple(draw(keys)),
        marks_pins=draw(st.booleans()),
        keeps_pins_in_place=draw(st.booleans()),
        runs_upwards=upwards,
        lag=timedelta(minutes=draw(st.sampled_from([0, 0, 0, 45, 600]))),
        visits=tuple(visits),
        freezes=tuple((start, start + timedelta(hours=hours)) for start, hours in freezes),
        control=tuple(sorted({*control, *(start - MINUTE * 30 for start, _ in freezes)})),
        has_control=bool(freezes) or draw(st.booleans()),
    )


@examples(250)
@given(worlds())
def test_what_is_proven_was_seen(world: World) -> None:
    """The coverage never claims a moment at which a post was published that no visit showed."""
    seen = watch(world)
    for each in world.posts:
        if holding(seen.coverage, each.at) is not None:
            assert each.key in seen.shown, f"{each} was published within {holding(seen.coverage, each.at)}"


@examples(150)
@given(worlds(), st.booleans(), st.sampled_from(["2026-10", "2026-09"]))
def test_no_accusation_is_false(world: World, main: bool, month: str) -> None:
    """What is proven against an account is so in its true history."""
    seen = watch(world)
    within = frame(month, by=policy({"GX-01": {"days": 5}, "GX-05": {"days": 20}, "YC-01": {"days": 6}}))
    judgement = judge(account(main=main), observed(seen.posts, seen.coverage, horizon=LONG_AGO), within)
    for code, windows in judgement.windows:
        for each in windows:
            if each.verdict is Verdict.VERIFIED:
                assert _true_posts(world, code, within, each.window) == []


def _true_posts(world: World, code: str, within: Frame, window: Window) -> list[Published]:
    return [each for each in world.posts if within.day_of(each.at) in window and (code != "YC-01" or each.is_original)]


def test_the_simulation_proves_something() -> None:
    """A list of ten, looked at daily: a quiet week is proven, with pinned posts, days for times, and a control too."""
    posts = tuple(
        Published(at=START + timedelta(days=n, hours=9), key=f"p{n}", precision=Precision.DAY, is_original=True)
        for n in range(50, -1, -1)
        if not 25 <= n < 40
    )
    world = World(
        posts=posts,
        size=10,
        pins=("p0",),
        marks_pins=False,
        keeps_pins_in_place=False,
        runs_upwards=False,
        lag=timedelta(0),
        visits=tuple(START + timedelta(days=n, hours=12) for n in range(54)),
        freezes=(),
        control=tuple(START + timedelta(hours=n) for n in range(24 * 54)),
        has_control=True,
    )
    seen = watch(world)
    judgement = judge(account(), observed(seen.posts, seen.coverage, horizon=LONG_AGO), frame())
    found = {
        (code, str(each.window))
        for code, windows in judgement.windows
        for each in windows
        if each.verdict is Verdict.VERIFIED
    }
    assert ("GX-03", "2026-10-05/2026-10-11") in found
    assert ("YC-01", "2026-10-05/2026-10-19") in found
