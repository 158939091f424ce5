"""The entry point: run a command, and turn whatever goes wrong into one sentence and an exit status."""

import errno
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence

import typer

from console.commands import (
    accounts,
    assess,
    backup,
    collect,
    daemon,
    decisions,
    disposition,
    evidence,
    findings,
    init,
    inspect,
    inspections,
    notify,
    posts,
    report,
    sources,
    status,
)
from console.commands.application import app
from console.show.ink import harmless
from console.usage import usage_sentence
from monitor.errors import XunjianError

UNUSABLE = 2
INTERRUPTED = 130
READER_GONE = 141  # as a shell reports a command that SIGPIPE ended

_log = logging.getLogger(__name__)

__all__ = [
    "accounts",
    "assess",
    "backup",
    "collect",
    "daemon",
    "decisions",
    "disposition",
    "evidence",
    "findings",
    "init",
    "inspect",
    "inspections",
    "main",
    "notify",
    "posts",
    "report",
    "sources",
    "status",
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: that of the program) and return the exit status. No error leaves it."""
    _tolerate_foreign_terminals()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on Ctrl-C is told in a sentence
    try:
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        if sys.stdout is not None:  # None where the program was started without one
            sys.stdout.flush()
    except KeyboardInterrupt:
        return _say("已中断：已经完成的采集和写入都已保存，没有完成的不留半截；再运行一次即可继续。", INTERRUPTED)
    except BrokenPipeError:
        return _leave_quietly()
    except typer.TyperException as error:
        return _say(usage_sentence(error), UNUSABLE)
    except XunjianError as error:
        return _say(str(error), UNUSABLE)
    except Exception as error:  # noqa: BLE001 - nobody who inspects accounts should meet a traceback
        return _unforeseen(error)
    return status


def _run(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("xunjian", arguments) as context:
            status = command.invoke(context)
    except typer.Exit as leaving:
        return leaving.exit_code
    return status if isinstance(status, int) else 0


def _tolerate_foreign_terminals() -> None:
    """Keep a title with a character that the terminal's encoding lacks from ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _say(sentence: str, status: int) -> int:
    try:
        print(harmless(sentence), file=sys.stderr, flush=True)
    except BrokenPipeError:
        return _leave_quietly()
    return status


def _leave_quietly() -> int:
    """Whoever read the output has gone: write nothing more, also not at the interpreter's end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(sink, stream.fileno())
        except (OSError, ValueError):
            continue
    return READER_GONE


def _unforeseen(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _say("磁盘空间已满，此前保存的数据完好；请腾出空间后重试。", UNUSABLE)
    _log.info("unforeseen error", exc_info=error)
    cause = " ".join(f"{type(error).__name__} {error}".split())
    cure = "请加 --verbose 再运行一次，把输出交给维护人员"
    return _say(f"程序遇到没有料到的错误（{cause}），此前保存的数据完好；{cure}。", UNUSABLE)
