"""Times as they are typed on the command line."""

from datetime import UTC, datetime, tzinfo

from console.errors import UsageError


def read_moment(text: str, zone: tzinfo) -> datetime:
    """Return the moment (UTC) that an ISO 8601 text states, in ``zone`` where it names none.

    Raises UsageError for what is no time.
    """
    try:
        at = datetime.fromisoformat(text.strip().replace("：", ":"))
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        expected = "应为 ISO 8601 写法，如 2026-10-31T18:00 或 2026-10-31T18:00+08:00"
        raise UsageError(f"--as-of 的“{text}”不是时间，{expected}。") from error
