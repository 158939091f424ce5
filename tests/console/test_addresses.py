import pytest

from console.addresses import is_host, read_address
from monitor.values import SourceAddress


@pytest.mark.parametrize(
    ("text", "url", "kind"),
    [
        pytest.param("https://a.gov.cn/rss", "https://a.gov.cn/rss", "", id="no kind"),
        pytest.param("feed:https://a.gov.cn/rss", "https://a.gov.cn/rss", "feed", id="kind"),
        pytest.param("FEED:HTTPS://a.gov.cn/rss", "HTTPS://a.gov.cn/rss", "feed", id="upper case"),
        pytest.param("feed：https：／／a.gov.cn/rss", "https://a.gov.cn/rss", "feed", id="full-width signs"),
        pytest.param(
            "http://127.0.0.1:8080/a?b=1&c=2#d", "http://127.0.0.1:8080/a?b=1&c=2#d", "", id="address and port"
        ),
        pytest.param("http://[::1]:8080/", "http://[::1]:8080/", "", id="IPv6"),
        pytest.param("https://政务.中国/订阅", "https://政务.中国/订阅", "", id="Chinese host and path"),
        pytest.param("https://u:p@a.gov.cn/", "https://u:p@a.gov.cn/", "", id="user"),
        pytest.param("weibo:https://weibo.com/u/12345", "https://weibo.com/u/12345", "weibo", id="Weibo"),
        pytest.param("page:https://a.gov.cn/zwgk/", "https://a.gov.cn/zwgk/", "page", id="list page"),
        pytest.param("report:https://a.gov.cn/x.xlsx", "https://a.gov.cn/x.xlsx", "report", id="self-report"),
    ],
)
def test_addresses(text: str, url: str, kind: str) -> None:
    assert read_address(text) == SourceAddress(url=url, kind=kind)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("www.a.gov.cn/rss", "应以 http:// 或 https:// 开头", id="no scheme"),
        pytest.param("ftp://a.gov.cn/", "应以 http:// 或 https:// 开头", id="ftp"),
        pytest.param("javascript:alert(1)", "应以 http:// 或 https:// 开头", id="javascript"),
        pytest.param("feed:www.a.gov.cn", "应以 http:// 或 https:// 开头", id="kind without scheme"),
        pytest.param("https:///rss", "缺少主机名", id="no host"),
        pytest.param("https://", "缺少主机名", id="nothing behind the scheme"),
        pytest.param("https://a..gov.cn/", "主机名“a..gov.cn”不能用", id="empty label"),
        pytest.param("https://-a.cn/", "主机名“-a.cn”不能用", id="hyphen first"),
        pytest.param("https://a.cn:99999/", "检查主机名和端口", id="port too high"),
        pytest.param("https://a.cn:0/", "的端口不能用", id="port zero"),
        pytest.param("https://a.cn:abc/", "检查主机名和端口", id="port no number"),
        pytest.param("https://[::1/", "检查主机名和端口", id="open bracket"),
        pytest.param("https://a.cn/a b", "不能出现的字符", id="space"),
        pytest.param("https://a.cn\\x", "不能出现的字符", id="backslash"),
        pytest.param("https://a.cn/\x07", "不能出现的字符", id="control character"),
        pytest.param(
            "douyin:https://www.douyin.com/user/x", "来源类别 douyin 不能采集：抖音", id="a kind that cannot be read"
        ),
        pytest.param("https://www.douyin.com/user/x", "没有可靠的公开列表可读", id="a platform that cannot be read"),
        pytest.param("https://weibo.com/gaoxianfabu", "自定义名称", id="a Weibo name that tells no number"),
        pytest.param("wechat:https://mp.weixin.qq.com/s/abc", "wechat_article", id="a kind that is not exact"),
        pytest.param("feeed:https://a.cn/", "来源类别 feeed 不认识，是否为“feed”", id="a mistyped kind"),
        pytest.param("xyz:https://a.cn/", "来源类别 xyz 不认识，可用：feed", id="an unknown kind"),
    ],
)
def test_what_is_no_address(text: str, cause: str) -> None:
    problem = read_address(text)
    assert isinstance(problem, str)
    assert problem.startswith(f"“{text}”")
    assert cause in problem


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.gov.cn", True),
        ("a.gov.cn.", True),
        ("::1", True),
        ("a_b.cn", True),
        ("a b", False),
        ("", False),
        ("." * 3, False),
    ],
)
def test_hosts(name: str, expected: bool) -> None:
    assert is_host(name) is expected
