"""The other side of crawler.pool: a child that reads bodies until its parent closes the pipe or is gone."""

import contextlib
import os
import pickle
import signal
import struct
import sys
from typing import Any, BinaryIO, Final

LENGTH: Final = struct.Struct(">Q")
"""Every message is its length and a pickle."""

_MEMORY: Final = 4 * 2**30  # address space; a body that wants more is no list of posts
_GRACE: Final = 3  # seconds that the parent has for killing us before we end by ourselves


def serve() -> None:
    """Answer requests on standard input: a function, the seconds that a call may take, then arguments after arguments.

    Each answer is a pair: whether it worked, and the result or the error as text. What the function prints goes to
    standard error.
    """
    requests, answers = _pipes()
    _limit_memory()
    function, seconds = _receive(requests)
    while True:
        arguments = _receive(requests)
        _arm(int(seconds) + _GRACE)
        try:
            answer = (True, function(*arguments))
        except Exception as error:  # noqa: BLE001  a reader's fault must reach the parent, whatever it is
            answer = (False, f"{type(error).__name__}: {error}")
        _arm(0)
        _send(answers, answer)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return requests, answers


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _arm(seconds: int) -> None:
    """Have the kernel end this child after some seconds: a loop in C code hears nothing else, and no parent's end."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _receive(pipe: BinaryIO) -> Any:
    header = pipe.read(LENGTH.size)
    if len(header) < LENGTH.size:
        sys.exit(0)  # the parent is gone, or done with us
    body = pipe.read(LENGTH.unpack(header)[0])
    return pickle.loads(body)  # noqa: S301  from our own parent


def _send(pipe: BinaryIO, value: object) -> None:
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    try:
        pipe.write(LENGTH.pack(len(body)) + body)
        pipe.flush()
    except BrokenPipeError:
        os._exit(0)  # nobody is left to tell; an ordinary exit would try to flush once more
