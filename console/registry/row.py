"""One row of the registry as an account; everything that is wrong with it, cell by cell."""

import re
import unicodedata
from datetime import date

from console.addresses import read_address
from console.nearest import hint
from console.registry import columns
from console.registry.days import EXPECTED, checked_day, read_day
from console.registry.sheets import Cell, Row, Sheet, Unreadable
from console.registry.texts import MAX_CELL, armed, clean_line, clean_text
from monitor.values import Account, AccountState, Platform, SourceAddress

MAX_ID = 64
_ID = re.compile(r"[A-Za-z0-9_-]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_BETWEEN_ADDRESSES = re.compile(r"\s+|[，；、]|[,;](?=\s|$|(?:[A-Za-z][\w-]*:)?https?://)")
_BETWEEN_ALIASES = re.compile(r"[、;；\n]")
_MAIN = {"是": True, "否": False, "": False}


class RowReader:
    """Reads the cells of one row; ``problems`` gathers a sentence for each that cannot be used."""

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.problems: list[str] = []
        self.account_id = ""
        self._sheet = sheet
        self._row = row

    def account(self, today: date) -> Account | None:
        """Return the account, or None where there are problems; ``today`` is the office's date."""
        self.account_id = self._account_id()
        name, organizer = self._required(columns.NAME), self._required(columns.ORGANIZER)
        platform, state, main = self._platform(), self._state(), self._main()
        addresses = self._addresses()
        opened, filed = self._day(columns.OPENED), self._day(columns.FILED)
        closing_notice, closed = self._day(columns.CLOSING_NOTICE), self._day(columns.CLOSED)
        aliases = self._aliases()
        supervisor, contact, phone = map(self._line, (columns.SUPERVISOR, columns.CONTACT, columns.PHONE))
        self._check_phone(phone)
        note = self._text(columns.NOTE)
        self._check_days(opened, closing_notice, closed, today)
        if self.problems:
            return None
        return Account(
            account_id=self.account_id,
            name=name,
            platform=platform,
            organizer=organizer,
            supervisor=supervisor,
            main=main,
            addresses=addresses,
            state=state,
            opened=opened,
            filed=filed,
            closing_notice=closing_notice,
            closed=closed,
            aliases=aliases,
            contact=contact,
            phone=phone,
            note=note,
        )

    def blame(self, column: str, cause: str) -> None:
        """Note that a column of this row cannot be used; ``cause`` is Chinese and says what is expected."""
        self.problems.append(f"{self._sheet.where}：{self._row.place}“{column}”：{cause}。")

    def blame_repeated(self, place: str) -> None:
        """Note that the account stands in an earlier row already, at ``place``."""
        self.blame(columns.ACCOUNT_ID, f"“{self.account_id}”与{place}重复，一个账号只能有一行，请改编号或删去一行")

    def _cell(self, column: str) -> Cell:
        at = self._sheet.column.get(column)
        return self._row.cells[at] if at is not None and at < len(self._row.cells) else ""

    def _text(self, column: str) -> str:
        cell = self._cell(column)
        if isinstance(cell, Unreadable):
            self.blame(column, cell.cause)
            return ""
        text = armed(clean_text(cell)) if isinstance(cell, str) else cell.isoformat()
        if len(text) > MAX_CELL:
            self.blame(column, f"有 {len(text)} 个字，超过 {MAX_CELL} 个字，请缩短")
            return ""
        return text

    def _line(self, column: str) -> str:
        return clean_line(self._text(column))

    def _required(self, column: str) -> str:
        said = len(self.problems)
        text = self._line(column)
        if not text and len(self.problems) == said:
            self.blame(column, "必填，现在是空的，请填写（合并的单元格只有第一行有内容，要拆开逐行填）")
        return text

    def _account_id(self) -> str:
        text = unicodedata.normalize("NFKC", self._required(columns.ACCOUNT_ID))
        text = re.sub(r"^(\d+)\.0$", r"\1", text)
        if isinstance(self._cell(columns.ACCOUNT_ID), date):
            self.blame(columns.ACCOUNT_ID, f"被 Excel 改成了日期 {text}，请把该列设为文本后重新填写")
        if text and _SCIENTIFIC.fullmatch(text):
            self.blame(columns.ACCOUNT_ID, f"“{text}”是被 Excel 改成的科学计数，请把该列设为文本后重新填写")
        elif text and not _ID.fullmatch(text):
            self.blame(columns.ACCOUNT_ID, f"“{text}”只能由字母、数字、- 和 _ 组成")
        elif len(text) > MAX_ID:
            self.blame(columns.ACCOUNT_ID, f"有 {len(text)} 个字符，最多 {MAX_ID} 个")
        return text

    def _platform(self) -> Platform:
        text = self._required(columns.PLATFORM)
        try:
            return Platform(text)
        except ValueError:
            if text:
                known = [each.value for each in Platform]
                self.blame(columns.PLATFORM, f"“{text}”不认识{hint(text, known)}，可填：{'、'.join(known)}")
            return Platform.OTHER

    def _state(self) -> AccountState:
        text = self._line(columns.STATE)
        try:
            return AccountState(text or AccountState.ACTIVE)
        except ValueError:
            known = [each.value for each in AccountState]
            self.blame(columns.STATE, f"“{text}”不认识{hint(text, known)}，可填：{'、'.join(known)}，空着就是正常")
            return AccountState.ACTIVE

    def _main(self) -> bool:
        text = self._line(columns.MAIN)
        if text not in _MAIN:
            self.blame(columns.MAIN, f"“{text}”不认识，可填：是、否，空着就是否")
        return _MAIN.get(text, False)

    def _addresses(self) -> tuple[SourceAddress, ...]:
        found: dict[str, SourceAddress] = {}
        for word in filter(None, _BETWEEN_ADDRESSES.split(self._text(columns.ADDRESSES))):
            address = read_address(word)
            if isinstance(address, str):
                self.blame(columns.ADDRESSES, address)
            else:
                found.setdefault(address.url, address)
        return tuple(found.values())

    def _aliases(self) -> tuple[str, ...]:
        names = map(clean_line, _BETWEEN_ALIASES.split(self._text(columns.ALIASES)))
        return tuple(dict.fromkeys(filter(None, names)))

    def _day(self, column: str) -> date | None:
        cell = self._cell(column)
        if isinstance(cell, date):
            day: date | str = checked_day(cell)
        else:
            text = unicodedata.normalize("NFKC", self._line(column))
            if not text:
                return None
            day = read_day(text)
        if isinstance(day, str):
            self.blame(column, day)
            return None
        return day

    def _check_phone(self, phone: str) -> None:
        if _SCIENTIFIC.fullmatch(phone):
            self.blame(columns.PHONE, f"“{phone}”是被 Excel 改成的科学计数，原号码已丢失，请把该列设为文本后重新填写")

    def _check_days(self, opened: date | None, notice: date | None, closed: date | None, today: date) -> None:
        if opened is None:
            return
        if opened > today:
            self.blame(columns.OPENED, f"{opened} 在今天（{today}）之后，请填实际开设的日期，{EXPECTED}")
        for column, day in ((columns.CLOSING_NOTICE, notice), (columns.CLOSED, closed)):
            if day is not None and day < opened:
                self.blame(column, f"{day} 早于开设日期 {opened}，请核对两个日期")
