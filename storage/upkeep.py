"""Keep the database in shape: fresh statistics for its planner, a short write-ahead log."""

from contextlib import closing

from sqlalchemy import text

from storage.database import Database


def optimize(database: Database) -> None:
    """Let the database renew what it knows of its tables; of SQLite also fold the write-ahead log back into the file.

    Raises StorageError. On PostgreSQL its own autovacuum does the work, and this does nothing.
    """
    if database.writer.dialect.name != "sqlite":
        return
    with database.worded(), closing(database.writer.connect()) as connection:
        # 0x10002 looks at all tables, also those that this connection has not asked yet (SQLite's documentation).
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("PRAGMA optimize=0x10002"))
    database.on_disk()
