"""Write reminders as letters: over which channels, to whom, and what they say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.reminder_words import account_text
from monitor.reminding import Reminder
from monitor.values import Account
from monitor.wording import listed, named, short_moment
from notices.channels import ChannelKind
from schedules.office import Office

_MOST_NAMED = 2
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")

_Units = Mapping[str, Sequence[Reminder]]
"""Reminders by organizer (主办单位)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one recipient is told over one channel; ``recipient`` is "" where the channel itself says who reads it."""

    channel: str
    recipient: str
    subject: str
    body: str
    reminders: tuple[Reminder, ...]


@dataclass(slots=True)
class _Draft:
    """What goes over one channel to the same readers, by organizer; ``mobiles`` are to be named (@).

    ``to_units`` says that units read it: over a channel of their own, or by an address of theirs.
    """

    units: dict[str, list[Reminder]] = field(default_factory=dict[str, list[Reminder]])
    mobiles: dict[str, None] = field(default_factory=dict[str, None])
    to_units: bool = False


def letters_of(office: Office, reminders: Iterable[Reminder]) -> list[Letter]:
    """Return the letters for reminders, which are in the order of their ends; none where no channel is set.

    An organizer is told over its own channels, else over the office's, with its contact named so that somebody can
    pass it on. An e-mail goes to the addresses that the registry holds for its accounts, where it holds any; in a
    group the mobile numbers are named. What the same readers get is one letter.
    """
    routing = office.routing
    drafts: dict[tuple[str, str], _Draft] = {}
    for organizer, some in _by_organizer(reminders).items():
        accounts = [each.account for each in some]
        own = routing.organizers.get(organizer)
        for name in own or routing.office:
            channel = routing.channels[name]
            mails = ",".join(_found(_MAIL, accounts)) if channel.kind is ChannelKind.EMAIL else ""
            draft = drafts.setdefault((name, mails), _Draft())
            draft.units[organizer] = some
            draft.to_units |= bool(own or mails)
            if channel.kind in (ChannelKind.WECOM, ChannelKind.DINGTALK):
                draft.mobiles |= dict.fromkeys(_found(_MOBILE, accounts))
    return [
        Letter(
            channel=name,
            recipient=mails or ",".join(draft.mobiles),
            subject=_subject(draft.units),
            body=_body(office, draft.units, to_units=draft.to_units),
            reminders=tuple(each for some in draft.units.values() for each in some),
        )
        for (name, mails), draft in drafts.items()
    ]


def contact_of(accounts: Iterable[Account]) -> str:
    """Return who answers for accounts, as ``联系人：张三，联系电话：0831-1234567``; "" where nobody is named."""
    contacts: dict[str, None] = {}
    for each in accounts:
        parts = [f"联系人：{each.contact}"] if each.contact else []
        parts += [f"联系电话：{each.phone}"] if each.phone else []
        contacts["，".join(parts)] = None
    return "；".join(filter(None, contacts))


def _by_organizer(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    found: dict[str, list[Reminder]] = {}
    for each in reminders:
        found.setdefault(each.account.organizer, []).append(each)
    return found


def _found(pattern: re.Pattern[str], accounts: Iterable[Account]) -> list[str]:
    """Return what a pattern finds in the contacts of accounts, in order, each once."""
    texts = (text for each in accounts for text in (each.contact, each.phone))
    hits = (hit for text in texts for hit in pattern.finditer(text))
    return list(dict.fromkeys("".join(hit.groups()) or hit.group() for hit in hits))


def _subject(units: _Units) -> str:
    names = list(dict.fromkeys(named(each.account) for some in units.values() for each in some))
    return f"更新提醒：{listed(names, _MOST_NAMED, '个账号')}期限临近"


def _body(office: Office, units: _Units, *, to_units: bool) -> str:
    at = next(each.at for some in units.values() for each in some).astimezone(office.zone)
    parts = [f"按{short_moment(at, at.year)}计，以下账号的更新期限临近，请在期限前更新。"]
    for organizer, some in units.items():
        own = office.routing.organizers.get(organizer)
        contact = "" if own else contact_of(each.account for each in some)
        heading = f"【{organizer}】{contact}"
        by_account: dict[str, list[Reminder]] = {}
        for each in some:
            by_account.setdefault(each.account.account_id, []).append(each)
        parts.append("\n".join((heading, *(account_text(those, office.zone) for those in by_account.values()))))
    ask = f"请与{office.name}联系，核对采集地址" if to_units else "请核对采集地址"
    parts.append(f"已更新而仍收到提醒的，{ask}。")
    return "\n\n".join(parts)
