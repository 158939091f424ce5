"""Keep how far people have come with an inspection."""

from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.stages import Stage, StageEntry
from storage.errors import StorageError
from storage.models import inspection_stages

NO_FILES: Mapping[str, str] = {}


class StagedError(StorageError):
    """Somebody has brought the inspection to this stage at the same time."""


def save_stage(session: Session, number: int, entry: StageEntry, files: Mapping[str, str] = NO_FILES) -> None:
    """Keep that a person brought an inspection to a stage; each is reached once, else there is a StagedError.

    ``files`` are the digests of the files that say so, by their names.
    """
    made = insert(inspection_stages).values(
        inspection_id=number,
        stage=entry.stage.value,
        by=entry.by,
        at=entry.at,
        note=entry.note,
        files=dict(files),
    )
    try:
        session.execute(made)
    except IntegrityError as error:
        raise StagedError(f"检查状态：刚刚已由他人改为“{entry.stage}”；请查看后再操作。") from error


def stages_of(session: Session, number: int) -> tuple[StageEntry, ...]:
    """Return the stages that an inspection has come through, in order; none for a draft that nobody has touched."""
    order = {stage.value: at for at, stage in enumerate(Stage)}
    rows = session.execute(select(inspection_stages).where(inspection_stages.c.inspection_id == number)).all()
    return tuple(
        StageEntry(stage=Stage(row.stage), by=row.by, at=row.at, note=row.note)
        for row in sorted(rows, key=lambda each: order[each.stage])
    )


def stage_of(session: Session, number: int) -> Stage:
    """Return how far an inspection has come."""
    reached = stages_of(session, number)
    return reached[-1].stage if reached else Stage.DRAFT


def files_of(session: Session, number: int) -> tuple[Stage, dict[str, str]]:
    """Return the digests of the files of a final inspection by their names, and the stage that those files say.

    An inspection that is not final has none.
    """
    rows = session.execute(select(inspection_stages).where(inspection_stages.c.inspection_id == number))
    said: dict[Stage, dict[str, str]] = {Stage(row.stage): dict(row.files) for row in rows if row.files}
    stage = next((each for each in reversed(Stage) if each in said), Stage.DRAFT)
    return stage, said.get(stage, {})


def carry_stages(session: Session, number: int, to: int) -> None:
    """Let an inspection begin where the draft before it stood: the review of a month goes on with its next version."""
    for entry in stages_of(session, number):
        save_stage(session, to, entry)
