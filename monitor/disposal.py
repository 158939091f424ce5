"""What is proposed (never decided) for an account: 建议处置 and 处置建议."""

from monitor.findings import Result


def propose(result: Result, failures: int, limit: int) -> str:
    """Return 建议处置; ``failures`` counts the 不合格 inspections of the counter window, this one included."""
    if result is Result.FAILED:
        return "约谈" if failures >= limit else "通报"
    return {Result.REVIEW: "人工复核", Result.UNVERIFIABLE: "补充采集或人工核查"}.get(result, "")
