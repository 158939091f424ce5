import json
from pathlib import Path

import pytest

from tests.console.conftest import HEADER, Xunjian
from tests.console.registries import written

GOOD = (f"{HEADER},采集地址", "A,甲,抖音,单位,https://a.cn/1", "B,乙,快手,单位,feed:https://b.cn/1 https://b.cn/2")


def test_init_then_import(xunjian: Xunjian, folder: Path) -> None:
    ran = xunjian("init")
    assert ran.status == 0
    assert "已写出 xunjian.toml" in ran.out
    assert (folder / "accounts.csv").read_bytes() == (
        "\ufeff账号编号,账号名称,平台,主办单位,主管单位,主账号,采集地址,状态,开设日期,备案日期,停更公告日期,注销日期,别名,联系人,联系电话,备注\r\n"
    ).encode()
    ran = xunjian("accounts", "import", "accounts.csv")
    assert (ran.status, ran.out, ran.err) == (0, "已导入：0 个账号，新增 0，更新 0，未变 0。\n", "")


def test_init_never_overwrites(xunjian: Xunjian, folder: Path) -> None:
    (folder / "xunjian.toml").write_text("mine")
    ran = xunjian("init", ".")
    assert ran.status == 0
    assert "已有 xunjian.toml，没有改动" in ran.out
    assert "已写出 accounts.csv" in ran.out
    assert (folder / "xunjian.toml").read_text() == "mine"
    assert "已有 accounts.csv，没有改动" in xunjian("init").out


def test_init_makes_the_folder_and_a_named_configuration(xunjian: Xunjian, folder: Path) -> None:
    assert xunjian("init", "a/b").status == 0
    assert sorted(each.name for each in (folder / "a" / "b").iterdir()) == ["accounts.csv", "xunjian.toml"]
    assert xunjian("init", "c", "--config", "d/e.toml").status == 0
    assert (folder / "d" / "e.toml").exists()
    assert [each.name for each in (folder / "c").iterdir()] == ["accounts.csv"]


def test_init_where_a_file_stands(xunjian: Xunjian, folder: Path) -> None:
    (folder / "file").touch()
    ran = xunjian("init", "file/below")
    assert ran.status == 2
    assert "无法建立文件夹 file/below" in ran.err


def test_the_commented_lines_of_the_template_are_a_configuration_too(xunjian: Xunjian, folder: Path) -> None:
    from console.config import load

    xunjian("init")
    lines = (folder / "xunjian.toml").read_text(encoding="utf-8").split("\n")
    told = [line[2:] if line.startswith(("# [", "# ")) and ("=" in line or "[" in line[:4]) else line for line in lines]
    text = "\n".join(line for line in told if line.startswith("[") or "=" in line)
    (folder / "xunjian.toml").write_text(text, encoding="utf-8")
    config = load(folder / "xunjian.toml")
    assert [lane.name for lane in config.lanes] == ["bridge"]
    assert list(config.sources) == ["GX-001", "https://www.example.gov.cn/zwdt/"]
    assert not config.policy.rules["GX-05"].enabled


def test_import_adds_updates_and_leaves(xunjian: Xunjian, office: Path) -> None:
    written(office, *GOOD)
    assert xunjian("accounts", "import", "accounts.csv").out == "已导入：2 个账号，新增 2，更新 0，未变 0。\n"
    written(office, GOOD[0], GOOD[1].replace("甲", "丙"), GOOD[2], "C,丁,抖音,单位,")
    assert xunjian("accounts", "import", "accounts.csv").out == (
        "已导入：3 个账号，新增 1，更新 1，未变 1。\n"
        "提示：A 的账号名称由“甲”改为“丙”，别名中没有原名称；此前信息的来源写作“甲”的，今后检查会判为转载。"
        "仍是本单位的，请把“甲”加进“别名”后再导入一次。\n"
    )
    written(office, HEADER)
    xunjian("accounts", "import", "accounts.csv")
    assert [each["account_id"] for each in json.loads(xunjian("accounts", "list", "--json").out)] == ["A", "B", "C"]


def test_dry_run_tells_and_writes_nothing(xunjian: Xunjian, office: Path) -> None:
    written(office, *GOOD)
    assert (
        xunjian("accounts", "import", "accounts.csv", "--dry-run").out
        == "检查通过，没有写入：2 个账号，新增 2，更新 0，未变 0。\n"
    )
    assert json.loads(xunjian("accounts", "list", "--json").out) == []
    xunjian("accounts", "import", "accounts.csv")
    written(office, GOOD[0], GOOD[1].replace("甲", "丙"), GOOD[2], "C,丁,抖音,单位,")
    assert "新增 1，更新 1，未变 1" in xunjian("accounts", "import", "accounts.csv", "--dry-run").out


@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["import", "dry run"])
def test_all_or_nothing(xunjian: Xunjian, office: Path, dry: list[str]) -> None:
    written(office, *GOOD, "C,丁,音抖,单位,", "A,戊,抖音,单位,x")
    ran = xunjian("accounts", "import", "accounts.csv", *dry)
    assert (ran.status, ran.out) == (2, "")
    assert [line.split("：")[1] for line in ran.err.splitlines()] == [
        "第4行“平台”",
        "第5行“采集地址”",
        "第5行“账号编号”",
    ]
    assert json.loads(xunjian("accounts", "list", "--json").out) == []


def test_a_shared_address_is_pointed_out(xunjian: Xunjian, office: Path) -> None:
    written(office, GOOD[0], GOOD[1], GOOD[2].replace("https://b.cn/2", "https://a.cn/1"))
    ran = xunjian("accounts", "import", "accounts.csv")
    assert ran.status == 0
    assert "提示：A、B 的采集地址相同（https://a.cn/1），请确认不是填错了行。" in ran.out


def test_a_name_that_is_taken_from_an_account_is_pointed_out(xunjian: Xunjian, office: Path) -> None:
    """Posts of before say the old name in their source lines, and would count as reposts of another unit."""
    header = f"{HEADER},别名"
    written(office, header, "A,甲,抖音,县教育局,", "B,乙,快手,县教育局,", "C,丙,快手,县水利局,")
    assert "提示" not in xunjian("accounts", "import", "accounts.csv").out
    written(office, header, "A,甲,抖音,县教体局,", "B,乙号,快手,县教体局,乙", "C,丙,快手,县水务局,县水利局")
    told = (
        "提示：A、B 的主办单位由“县教育局”改为“县教体局”，别名中没有原名称；此前信息的来源写作“县教育局”的，今后检查会判为转载。"
        "仍是本单位的，请把“县教育局”加进“别名”后再导入一次。"
    )
    for more in (["--dry-run"], []):
        ran = xunjian("accounts", "import", "accounts.csv", *more)
        assert [line for line in ran.out.splitlines() if line.startswith("提示")] == [told]
    assert "提示" not in xunjian("accounts", "import", "accounts.csv").out


def test_list(xunjian: Xunjian, office: Path) -> None:
    written(office, *GOOD)
    xunjian("accounts", "import", "accounts.csv")
    assert xunjian("accounts", "list").out.splitlines() == [
        "账号编号  账号名称  平台  主办单位  主账号  状态  采集地址",
        "A         甲        抖音  单位      否      正常  https://a.cn/1",
        "B         乙        快手  单位      否      正常  feed:https://b.cn/1，等2个",
        "共 2 个账号。",
    ]


def test_list_as_json(xunjian: Xunjian, office: Path) -> None:
    header = f"{HEADER},采集地址,开设日期,主账号,别名,备注"
    written(office, header, '"A",甲,抖音,单位,feed:https://a.cn/1,2020-01-02,是,一、二,"=1+1"')
    xunjian("accounts", "import", "accounts.csv")
    assert json.loads(xunjian("accounts", "list", "--json").out) == [
        {
            "account_id": "A",
            "name": "甲",
            "platform": "抖音",
            "organizer": "单位",
            "supervisor": "",
            "main": True,
            "addresses": ["feed:https://a.cn/1"],
            "state": "正常",
            "opened": "2020-01-02",
            "filed": None,
            "closing_notice": None,
            "closed": None,
            "aliases": ["一", "二"],
            "contact": "",
            "phone": "",
            "note": "=1+1",
        }
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_export_then_import_changes_nothing(xunjian: Xunjian, office: Path, ending: str) -> None:
    written(office, *GOOD)
    xunjian("accounts", "import", "accounts.csv")
    before = xunjian("accounts", "list", "--json").out
    assert xunjian("accounts", "export", f"out.{ending}").out == f"已导出 2 个账号到 out.{ending}\n"
    assert xunjian("accounts", "import", f"out.{ending}").out == "已导入：2 个账号，新增 0，更新 0，未变 2。\n"
    assert xunjian("accounts", "list", "--json").out == before


def test_export_to_another_ending(xunjian: Xunjian, office: Path) -> None:
    ran = xunjian("accounts", "export", "out.txt")
    assert (ran.status, ran.out) == (2, "")
    assert "应为 .csv 或 .xlsx" in ran.err
    assert not (office / "out.txt").exists()


def test_every_problem_of_the_configuration_is_told(xunjian: Xunjian, office: Path) -> None:
    (office / "xunjian.toml").write_text("[crawl]\ndelay_seconds = -1\n[ofice]\n")
    ran = xunjian("accounts", "list")
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 2
