"""Let those who write what is known of one account wait for one another."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import accounts


def take_turns(session: Session, account_id: str) -> None:
    """Wait until no other transaction writes of this account, and keep others waiting until this one ends."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
        session.execute(
            select(accounts.c.account_id).where(accounts.c.account_id == account_id).with_for_update(key_share=True)
        )
