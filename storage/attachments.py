"""Keep which files people attached: the files themselves lie in a folder, under their digests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, insert, select
from sqlalchemy.orm import Session

from storage.models import attachments


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a person attached; ``digest`` is its SHA-256 in hexadecimal, ``size`` in bytes."""

    name: str
    digest: str
    size: int


def save_attachments(
    session: Session,
    files: Sequence[Attachment],
    at: datetime,
    *,
    entered: int | None = None,
    disposition: int | None = None,
) -> None:
    """Keep that files belong to an entered finding or to a disposition."""
    if files:
        session.execute(
            insert(attachments),
            [
                {
                    "entered": entered,
                    "disposition": disposition,
                    "name": each.name,
                    "digest": each.digest,
                    "size": each.size,
                    "at": at,
                }
                for each in files
            ],
        )


def files_of_entered(session: Session, numbers: Collection[int]) -> dict[int, tuple[Attachment, ...]]:
    """Return the files of entered findings, by the finding's number."""
    return _files(session, attachments.c.entered, numbers)


def files_of_dispositions(session: Session, numbers: Collection[int]) -> dict[int, tuple[Attachment, ...]]:
    """Return the files of dispositions, by the disposition's number."""
    return _files(session, attachments.c.disposition, numbers)


def names_of_entered(session: Session, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of the files of entered findings, by the finding's number."""
    return {number: tuple(each.name for each in files) for number, files in files_of_entered(session, numbers).items()}


def names_of_dispositions(session: Session, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of the files of dispositions, by the disposition's number."""
    found = files_of_dispositions(session, numbers)
    return {number: tuple(each.name for each in files) for number, files in found.items()}


def _files(session: Session, owner: "Column[Any]", numbers: Collection[int]) -> dict[int, tuple[Attachment, ...]]:
    if not numbers:
        return {}
    statement = select(owner, attachments.c.name, attachments.c.digest, attachments.c.size)
    found: dict[int, tuple[Attachment, ...]] = {}
    for number, name, digest, size in session.execute(
        statement.where(owner.in_(numbers)).order_by(attachments.c.number)
    ):
        found[number] = (*found.get(number, ()), Attachment(name=name, digest=digest, size=size))
    return found
