"""Run what blocks beside the event loop, and leave it behind when its time is over."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta


async def in_thread(blocking: Callable[[], None], timeout: timedelta, give_up: Callable[[], None]) -> None:  # noqa: ASYNC109 - of the thread, which does not end when it is cancelled
    """Wait for ``blocking`` at most ``timeout``; raise what it raises, or TimeoutError.

    After that, or when cancelled, ``give_up`` is called to end it. The thread never holds up the end of the program, as
    those of the event loop's own pool would.
    """
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def settle(error: Exception | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def run() -> None:
        failed: Exception | None = None
        try:
            blocking()
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            failed = error
        try:
            loop.call_soon_threadsafe(settle, failed)
        except RuntimeError:  # the event loop has ended: nobody waits any more
            return

    threading.Thread(target=run, name="notice", daemon=True).start()
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            await done
    finally:
        if not done.done() or done.cancelled():
            give_up()
