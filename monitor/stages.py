"""The stages of an inspection: 草稿 → 复核中 → 已定稿 → 已公开. What is final changes only by a new version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far people have come with an inspection."""

    DRAFT = "草稿"
    REVIEWING = "复核中"
    FINAL = "已定稿"
    PUBLIC = "已公开"

    @property
    def is_final(self) -> bool:
        """Whether nothing may change any more."""
        return self in (Stage.FINAL, Stage.PUBLIC)


NEXT = {
    Stage.DRAFT: (Stage.REVIEWING, Stage.FINAL),
    Stage.REVIEWING: (Stage.FINAL,),
    Stage.FINAL: (Stage.PUBLIC,),
    Stage.PUBLIC: (),
}
"""The stages that may follow one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntry:
    """That a person brought an inspection to a stage."""

    stage: Stage
    by: str
    at: datetime
    note: str = ""
