"""Reports mask personal numbers, and leave addresses, keys and the registry's columns."""

import io

from reports.masked import masked_record
from reports.tables import Table

MOBILE, MASKED = "13812341234", "138****1234"


def test_a_table_masks_every_column_but_the_registrys_and_addresses() -> None:
    file = io.StringIO()
    columns = {name: lambda _row: f"电话{MOBILE}" for name in ("账号名称", "主办单位", "链接", "标题", "备注")}
    Table(file, columns).write([None])
    assert file.getvalue().split("\r\n")[1] == ",".join([f"电话{MOBILE}"] * 3 + [f"电话{MASKED}"] * 2)


def test_a_record_is_masked_throughout() -> None:
    record = {
        "account": {"name": MOBILE},
        "posts": [{"key": f"guid:{MOBILE}", "title": MOBILE, "url": MOBILE, "n": 1, "none": None}],
        "finding": {"posts": [f"title:张三 {MOBILE}@", "4111111111111111"], "description": MOBILE},
    }
    assert masked_record(record) == {
        "account": {"name": MOBILE},
        "posts": [{"key": f"guid:{MOBILE}", "title": MASKED, "url": MOBILE, "n": 1, "none": None}],
        "finding": {"posts": [f"title:张三 {MASKED}@", "4111111111111111"], "description": MASKED},
    }
