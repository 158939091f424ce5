"""Threads of their own for what waits for the database: looking up names must not wait behind it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_AT_ONCE: Final = 8

_executor: Final = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="database")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work that reads or writes the database, and return what it gives; cancelled, it is left to end by itself."""
    return await asyncio.get_running_loop().run_in_executor(_executor, partial(work, *args, **kwargs))
