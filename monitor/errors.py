"""The one root error, the family of the core, and how officials are told why a system refuses."""

import errno


class XunjianError(Exception):
    """Something that a person can mend; the message is one Chinese sentence: what, which one, cause, cure."""


class PolicyError(XunjianError):
    """A policy or a parameter of it cannot be used as written."""


class WorkdaysError(XunjianError):
    """A year file of working days cannot be used as written."""


CAUSES = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是一个文件夹，不是文件",
    errno.ENOTDIR: "所在路径不是文件夹",
    errno.ENOSPC: "磁盘空间已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "所在磁盘为只读",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EFBIG: "超过允许的文件大小",
}


def cause_of(error: OSError) -> str:
    """Return in an official's words why the system refused."""
    known = CAUSES.get(error.errno or 0)
    return known if known is not None else f"系统报告“{error.strerror or error}”"
