"""All tables. Statements use these ``Table`` values; rows never leave the package."""

from storage.inspection_models import finding_visits, inspection_findings, inspection_results, inspections, records
from storage.post_models import (
    UNREAD,
    PageSaid,
    PostRow,
    Version,
    compared,
    corrections,
    likenesses,
    pages,
    post_keys,
    post_revisions,
    post_texts,
    posts,
    sketches,
)
from storage.rows import Base
from storage.running_models import daemons, jobs, lane_clocks, message_reminders, messages, plans, reminders
from storage.visit_models import AccountRow, accounts, coverage, coverage_kinds, lanes, sources, visits

__all__ = [
    "UNREAD",
    "AccountRow",
    "Base",
    "PageSaid",
    "PostRow",
    "Version",
    "accounts",
    "compared",
    "corrections",
    "coverage",
    "coverage_kinds",
    "daemons",
    "finding_visits",
    "inspection_findings",
    "inspection_results",
    "inspections",
    "jobs",
    "lane_clocks",
    "lanes",
    "likenesses",
    "message_reminders",
    "messages",
    "pages",
    "plans",
    "post_keys",
    "post_revisions",
    "post_texts",
    "posts",
    "records",
    "reminders",
    "sketches",
    "sources",
    "visits",
]
