"""The office that a command works for: its configuration, with its database open."""

from collections.abc import Iterator
from contextlib import contextmanager

from console.config import Config
from schedules.office import Office
from storage.database import Database, open_database


@contextmanager
def opened_office(config: Config) -> Iterator[Office]:
    """Give the office with its database open; the database is made or brought up to date where needed."""
    database = open_database(config.database_url)
    try:
        yield office_of(config, database)
    finally:
        database.close()


def office_of(config: Config, database: Database) -> Office:
    """Return the office of a configuration over a database that is open."""
    return Office(
        name=config.name,
        zone=config.zone,
        database=database,
        policy=config.policy,
        workdays=config.workdays,
        crawl=config.crawl,
        lanes=config.lanes,
        source_settings=config.sources,
        approved_sources=config.approved_sources,
        evidence=config.evidence,
        evidence_days=config.evidence_days,
        daemon=config.daemon,
        routing=config.routing,
        bulletin=config.bulletin,
    )
