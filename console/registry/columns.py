"""The columns of the registry (备案台账), by name."""

ACCOUNT_ID = "账号编号"
NAME = "账号名称"
PLATFORM = "平台"
ORGANIZER = "主办单位"
SUPERVISOR = "主管单位"
MAIN = "主账号"
ADDRESSES = "采集地址"
STATE = "状态"
OPENED = "开设日期"
FILED = "备案日期"
CLOSING_NOTICE = "停更公告日期"
CLOSED = "注销日期"
ALIASES = "别名"
CONTACT = "联系人"
PHONE = "联系电话"
NOTE = "备注"

COLUMNS = (
    ACCOUNT_ID,
    NAME,
    PLATFORM,
    ORGANIZER,
    SUPERVISOR,
    MAIN,
    ADDRESSES,
    STATE,
    OPENED,
    FILED,
    CLOSING_NOTICE,
    CLOSED,
    ALIASES,
    CONTACT,
    PHONE,
    NOTE,
)
REQUIRED = (ACCOUNT_ID, NAME, PLATFORM, ORGANIZER)
