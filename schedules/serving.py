"""``/healthz`` and ``/metrics`` on a local port: how the daemon is, for programs that watch it."""

import errno
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from monitor.errors import cause_of
from schedules.metrics import Facts, exposition, usage

SILENT_AFTER = timedelta(minutes=5)
"""A beat older than this is a sign that the daemon hangs."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"

_log = logging.getLogger(__name__)


@asynccontextmanager
async def serving(listen: str, facts: Callable[[], Facts]) -> AsyncGenerator[str]:
    """Serve while the block runs, and give the sentence of why not: "" where it is served, or ``listen`` is "".

    ``listen`` is ``address:port``. ``facts`` is asked for each answer, in the loop: it must not wait for anything.
    """
    runner = web.AppRunner(_application(facts), access_log=None, handle_signals=False, shutdown_timeout=1)
    trouble = ""
    try:
        if listen:
            await runner.setup()
            trouble = await _listen(runner, listen)
        yield trouble
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, listen: str) -> str:
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except OSError as error:
        _log.error("metrics not served listen=%s cause=%s", listen, error.strerror)
        cause = "已被其他程序占用" if error.errno == errno.EADDRINUSE else f"不能使用（{cause_of(error)}）"
        return f"运行情况的端口 {listen} {cause}，/healthz 和 /metrics 没有提供，其余照常；请修改 [daemon] listen。"
    _log.info("metrics served listen=%s", listen)
    return ""


def _application(facts: Callable[[], Facts]) -> web.Application:
    async def health(_request: web.Request) -> web.Response:
        status, record = health_of(facts())
        return web.Response(status=status, text=json.dumps(record, ensure_ascii=False), content_type="application/json")

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=exposition(facts(), usage()).encode(), headers={"Content-Type": TEXT})

    application = web.Application()
    application.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    return application


def health_of(facts: Facts) -> tuple[int, dict[str, object]]:
    """Return the status and what is said: 503 where it hangs or cannot store; being offline is not its fault."""
    age = None if facts.beat_at is None else facts.at - facts.beat_at
    beats = age is not None and age <= SILENT_AFTER
    well = beats and facts.ticking and not facts.storage_error
    return (200 if well else 503), {
        "ok": well,
        "beat_age_seconds": None if age is None else round(age.total_seconds(), 3),
        "last_tick": None if facts.ticked_at is None else facts.ticked_at.isoformat(),
        "ticking": facts.ticking,
        "offline_since": None if facts.offline_since is None else facts.offline_since.isoformat(),
        "storage_error": facts.storage_error or None,
    }
