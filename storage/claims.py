"""Claim a message before it is sent, so that what cannot be noted is not sent.

What nobody could say the end of, because the program or the database failed in between, is tried again after the claim.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from storage.messages import Message, MessageState
from storage.running_models import messages


def claim(session: Session, message: Message, until: datetime) -> bool:
    """Count a try of a message and put the next one off until then.

    Return False where it is not to be sent: it waits no more, or another has begun a try since it was read.
    """
    same = and_(_waits(message.message_id), messages.c.tries == message.tries)
    tried = update(messages).where(same).values(tries=message.tries + 1, next_at=until)
    return session.execute(tried.returning(messages.c.message_id)).first() is not None


def release(session: Session, message_id: int, at: datetime) -> None:
    """Take a try back that was ended on purpose; what is left of the message is due from ``at`` on."""
    session.execute(update(messages).where(_waits(message_id)).values(tries=messages.c.tries - 1, next_at=at))


def _waits(message_id: int) -> ColumnElement[bool]:
    return and_(messages.c.message_id == message_id, messages.c.state == MessageState.WAITING.value)
