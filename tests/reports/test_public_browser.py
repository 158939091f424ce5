"""公开版-YYYY-MM.html in a real browser: nothing to be scrolled sideways, and A4 pages with the header on each."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.stages import Stage
from tests.reports.public_county import PAGE, a_county, written

pytestmark = pytest.mark.slow

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_MEASURE = """<script>
const rows = [...document.querySelectorAll('.results tbody tr')];
const seen = (each) => getComputedStyle(each).display;
const out = [...document.querySelectorAll('h1,p,dt,dd,th,td,caption')].filter((each) => {
  const box = each.getBoundingClientRect(), parent = each.closest('thead');
  return box.right > innerWidth + 0.5 && !(parent && getComputedStyle(parent).position === 'absolute');
});
const found = [innerWidth, document.documentElement.scrollWidth, out.length, rows.length, seen(rows[0])].join(' ');
parent.postMessage(document.title = found, '*');
</script></body>"""
_FRAME = """<!DOCTYPE html><meta charset="utf-8"><title></title>
<script>addEventListener('message', (said) => { document.title = said.data; });</script>
<iframe src="measured.html" style="width:WIDTHpx;height:800px;border:0"></iframe>"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser, a program of the machine and not of the project."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine (install chromium to look at the public page in it)")
    return found


def browse(chromium: str, profile: Path, *arguments: str) -> str:
    quiet = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars")
    command = [chromium, "--headless", *quiet, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=240).stdout.decode()


@pytest.mark.parametrize(
    ("width", "display"),
    [
        pytest.param(1280, "table-row", id="wide"),
        pytest.param(390, "block", id="phone"),
        pytest.param(320, "block", id="small-phone"),
    ],
)
def test_nothing_has_to_be_scrolled_sideways(tmp_path: Path, chromium: str, width: int, display: str) -> None:
    content = written(tmp_path / "2026-10", a_county(), stage=Stage.DRAFT)[PAGE].decode()
    measured = tmp_path / "measured.html"  # the page forbids all scripts; its copy carries one that measures
    measured.write_text(_POLICY.sub("", content).replace("</body>", _MEASURE), encoding="utf-8")
    frame = tmp_path / "frame.html"  # a frame is as narrow as is asked for; a window without a screen is not
    frame.write_text(_FRAME.replace("WIDTH", str(width)), encoding="utf-8")
    size = ("--window-size=1400,900", "--virtual-time-budget=20000")
    document = browse(chromium, tmp_path / "profile", *size, "--dump-dom", frame.as_uri())
    found = re.search(r"<title>(.*?)</title>", document)
    assert found is not None
    inner, scrolled, outside, rows, shown = found[1].split()
    assert (int(inner), int(scrolled), int(outside)) == (width, width, 0)
    assert (int(rows), shown) == (50, display)


def test_it_is_printed_on_a4_with_the_header_on_each_page(tmp_path: Path, chromium: str) -> None:
    written(tmp_path / "2026-10", a_county(), stage=Stage.DRAFT)
    paper = tmp_path / "paper.pdf"
    address = (tmp_path / "2026-10" / PAGE).as_uri()
    browse(chromium, tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={paper}", address)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes())
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on this machine (poppler-utils); the pages were not read back")
    text = subprocess.run([reader, "-layout", paper, "-"], capture_output=True, check=True).stdout.decode()
    pages = [each for each in text.split("\f") if each.strip()]
    assert len(pages) == len(boxes) > 2
    assert all("序号" in each and "检查结果" in each for each in pages[2:])
    assert all("稿" in each for each in pages)  # the letters of a slanting word stand on lines of their own
    assert f"{len(pages)}/{len(pages)}" in pages[-1].replace(" ", "")


def test_its_policy_runs_no_script(tmp_path: Path, chromium: str) -> None:
    content = written(tmp_path / "2026-10", a_county())[PAGE].decode()
    (tmp_path / "held.html").write_text(content.replace("</body>", _MEASURE), encoding="utf-8")
    document = browse(chromium, tmp_path / "profile", "--dump-dom", (tmp_path / "held.html").as_uri())
    assert "<title>2026年10月政务新媒体检查情况 - 高县人民政府办公室</title>" in document
