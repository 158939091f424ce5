"""What the office says of its bulletin (通报)."""

from dataclasses import dataclass
from pathlib import Path

BLANK = "\u3000"
"""A full-width space: what a person fills in later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinSettings:
    """How the bulletin is headed and signed; "" takes the default, or leaves a blank to fill in by hand.

    ``template`` is the office's own document with places such as ``{{总体情况}}``, None for the shipped form.
    ``document`` is the 代字 of the 文号 (``高府办函``), ``basis`` the notices that the inspection rests on,
    ``signature`` who signs, by default the office.
    """

    template: Path | None = None
    document: str = "×府办函"
    addressees: str = "各乡镇人民政府，县级各部门"
    basis: str = ""
    signature: str = ""
    contact: str = ""
    telephone: str = ""
