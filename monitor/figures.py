"""The figures of one account for one period: each is computed here and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import date

from monitor.case import Case
from monitor.findings import Figures, Judged, Verdict, Window
from monitor.frame import ONE_DAY
from monitor.rules import gx02, gx03
from monitor.spans import clip, duration
from monitor.values import Originality

RECENT_DAYS = 14
"""近2周原创条数 looks back so many local days from the time point."""


def figures_of(case: Case, windows: Mapping[str, Sequence[Judged]]) -> Figures:
    """Return the figures of a case whose rules gave ``windows``."""
    frame = case.frame
    classes = [each.classified.originality for each in case.in_window(frame.period)]
    days, weeks = windows.get("GX-02"), windows.get("GX-03")
    days_due, days_met = gx02.workdays_due_and_met(days) if days is not None else (None, None)
    weeks_due, weeks_met, weeks_missed = gx03.weeks_due(weeks) if weeks is not None else (None, None, ())
    last = case.last_post(frame.today)
    recent = Window(frame.today - ONE_DAY * (RECENT_DAYS - 1), frame.today)
    return Figures(
        published=len(classes),
        original=classes.count(Originality.ORIGINAL),
        reposted=classes.count(Originality.REPOST),
        undetermined=classes.count(Originality.UNDETERMINED),
        last_post=last.post if last else None,
        days_since_last=_days_since(case, last.day) if last else None,
        longest_silence=_longest_silence(case),
        workdays_due=days_due,
        workdays_met=days_met,
        workdays_missed=tuple(each.window.first for each in days or () if each.verdict is Verdict.VERIFIED),
        weeks_due=weeks_due,
        weeks_met=weeks_met,
        weeks_missed=weeks_missed,
        recent_originals=sum(
            each.classified.originality is Originality.ORIGINAL and each.post.published_at is not None
            for each in case.in_window(recent)
        ),
        coverage_share=_coverage_share(case),
    )


def _days_since(case: Case, last: date) -> int | None:
    """Return the days without a post since ``last``, None where a day among them was not observed or is in doubt."""
    first, until = last + ONE_DAY, case.frame.last_day
    if first <= until and not case.covered(Window(first, until)):
        return None
    doubt = case.any_post.last_doubt(case.frame.today)
    if doubt is not None and doubt > last:
        return None
    return (case.frame.today - last).days


def _longest_silence(case: Case) -> int | None:
    """Return the longest proven run of whole days without a post in the period.

    None where no whole day was observed, unless there is a post on every day.
    """
    posted = {each.day for each in case.in_window(case.frame.period)}
    longest, run, observed = 0, 0, bool(case.frame.days) and posted.issuperset(case.frame.days)
    for day in case.frame.days:
        covered = day <= case.frame.last_day and case.covered_day(day)
        observed = observed or covered
        run = run + 1 if covered and day not in posted else 0
        longest = max(longest, run)
    return longest if observed else None


def _coverage_share(case: Case) -> float:
    whole = case.frame.elapsed
    if whole is None:
        return 0.0
    return duration(clip(case.seen.coverage, whole)) / (whole.end - whole.start)
