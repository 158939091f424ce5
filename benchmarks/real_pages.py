"""How well pages are read and posts classed, on saved real ones that were labelled by hand (outcomes, not speed).

Usage: python benchmarks/real_pages.py

Reads the labels under ``tests/real/`` and the saved answers under ``../shared/data/dev`` beside this checkout (the
script says so and ends where they are absent). Prints: precision and recall of list items with the right title and day,
and of next pages; the shares of articles whose day, minute, title and source line are right; the confusion tables of
originality on both sets of labels, and of near-identical pairs.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.real import article_scores, list_scores, originality_scores

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    """Print all tables."""
    if not DATA.is_dir():
        sys.exit("There are no saved real answers beside this checkout (../shared/data).")
    lists = list_scores.score(DATA / "dev")
    print(f"== lists: {lists.pages} pages")
    print(f"items right {lists.right}, wrong {len(lists.wrong)}, missed {len(lists.missed)}")
    print(f"precision {lists.precision:.3f}, recall {lists.recall:.3f}, next page {lists.next_right}/{lists.next_all}")
    articles = article_scores.score(DATA / "dev")
    print(f"\n== articles: {len(articles.titles)} pages, and {len(articles.not_articles)} lists and home pages")
    for name in ("days", "minutes", "titles", "sources", "not_articles"):
        right: tuple[bool, ...] = getattr(articles, name)
        print(f"{name:13} {sum(right)}/{len(right)} = {article_scores.share(right):.3f}")
    print()
    print("\n".join(originality_scores.report(DATA)))


if __name__ == "__main__":
    main()
