"""通报-YYYY-MM.docx: the bulletin of an inspection, ready for its number, date and signature."""

from monitor.statistics import Statistics
from reports import bulletin_problems as problems
from reports import bulletin_words as words
from reports.bulletin_facts import Facts
from reports.docx_fill import Content, write_document
from reports.docx_template import has_place, read_template
from reports.folder import Folder
from reports.parts import AccountRows, Head


class Bulletin:
    """The bulletin, written once all accounts are known."""

    def __init__(self, folder: Folder, head: Head) -> None:
        """Read the template; a ReportError says what is wrong with it."""
        self._template = read_template(head.bulletin.template)
        self._path = folder.place(f"通报-{head.month}.docx")
        self._head = head
        self._facts = Facts()

    def write(self, rows: AccountRows) -> None:
        """Take in one account."""
        self._facts.add(rows)

    def close(self, statistics: Statistics) -> None:
        """Write the document."""
        head, facts = self._head, self._facts
        facts.arrange()
        places = words.words_of(head, head.bulletin)
        blocks = {
            "依据": words.basis(head, head.bulletin),
            "总体情况": words.overall(head, facts, statistics),
            "回头看": words.looked_again(facts),
            "存在问题": problems.found_problems(facts, statistics),
            "工作要求": words.demands(head, facts, statistics),
            "附件一": problems.annex_of_accounts(facts),
            "附件二": problems.annex_of_problems(facts, statistics),
        }
        content = Content(
            words=places,
            blocks=blocks,
            mark=words.mark_of(head, with_reason=not has_place(self._template, "更正说明")),
            title=places["标题"],
            author=places["发文机关"],
            at=head.frame.time_point,
        )
        write_document(self._template, content, self._path)
