"""How officials are told why a system refuses."""

import errno
import os

import pytest

from monitor.errors import PolicyError, WorkdaysError, XunjianError, cause_of


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        pytest.param(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "磁盘空间已满", id="a full disk"),
        pytest.param(OSError(errno.EROFS, os.strerror(errno.EROFS)), "所在磁盘为只读", id="a read-only disk"),
        pytest.param(OSError(errno.EACCES, os.strerror(errno.EACCES)), "没有权限", id="a forbidden folder"),
        pytest.param(OSError(errno.EIO, "Input/output error"), "系统报告“Input/output error”", id="anything else"),
        pytest.param(OSError("no number"), "系统报告“no number”", id="without a number"),
    ],
)
def test_why_a_system_refuses(error: OSError, cause: str) -> None:
    assert cause_of(error) == cause


def test_every_error_is_one_that_a_person_can_mend() -> None:
    assert issubclass(PolicyError, XunjianError)
    assert issubclass(WorkdaysError, XunjianError)
