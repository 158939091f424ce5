"""The rules of an inspection, one a file, in the order of the report."""

from monitor.rules import cj01, entered, gx01, gx02, gx03, gx05, gx06, yc01, yc02, yc03, zh05, zz01, zz02
from monitor.rules.rule import Heading, Rule

RULES: tuple[Rule, ...] = (
    *(gx01.RULE, gx02.RULE, gx03.RULE, gx05.RULE, gx06.RULE),
    *(yc01.RULE, yc02.RULE, yc03.RULE),
    *(zz01.RULE, zz02.RULE),
    zh05.RULE,
)
"""The rules that judge windows. What none of them can judge stands in the account's CJ-01 row."""

HEADINGS: tuple[Heading, ...] = (*(rule.heading for rule in RULES), *entered.HEADINGS, cj01.HEADING)
"""Every code that a finding can have; those that people enter stand behind those that rules judge."""

__all__ = ["HEADINGS", "RULES", "Heading", "Rule"]
