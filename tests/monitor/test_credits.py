"""Credits: every form of a source line that is read, and every trap that is not one."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.credits import read_credits
from monitor.values import CreditKind, CreditPlace

BODY = "各乡镇要抓好秋收秋种工作,确保颗粒归仓。全县已收割水稻三十二万亩,占应收面积的九成以上,天气总体有利。"

# One text, and what it credits: "kind place label=value", a wire's label left out.
FORMS = [
    pytest.param("来源:新华社", ["source header 来源=新华社"], id="half-width colon"),
    pytest.param("来源：新华社", ["source header 来源=新华社"], id="full-width colon"),
    pytest.param("来源﹕新华社", ["source header 来源=新华社"], id="small colon"),
    pytest.param("来源∶新华社", ["source header 来源=新华社"], id="ratio sign"),
    pytest.param("来源丨新华社", ["source header 来源=新华社"], id="丨"),
    pytest.param("来源 | 四川发布", ["source header 来源=四川发布"], id="bar with spaces"),
    pytest.param("来源｜四川发布", ["source header 来源=四川发布"], id="full-width bar"),
    pytest.param("来源︱四川发布", ["source header 来源=四川发布"], id="presentation bar"),
    pytest.param("来源│四川发布", ["source header 来源=四川发布"], id="box bar"),
    pytest.param("来源/宜宾日报", ["source header 来源=宜宾日报"], id="slash"),
    pytest.param("来源／宜宾日报", ["source header 来源=宜宾日报"], id="full-width slash"),
    pytest.param("来源 宜宾日报", ["source header 来源=宜宾日报"], id="space"),
    pytest.param("来源　宜宾日报", ["source header 来源=宜宾日报"], id="ideographic space"),
    pytest.param("来  源:新华社", ["source header 来源=新华社"], id="padded label"),
    pytest.param(
        "来　　源：县融媒体中心", ["source header 来源=县融媒体中心"], id="label padded with full-width spaces"
    ),
    pytest.param("来源:新 华 社", ["source header 来源=新华社"], id="padded name"),
    pytest.param("来源：　新华社", ["source header 来源=新华社"], id="space before the name"),
    pytest.param("(来源:新华社)", ["source header 来源=新华社"], id="half-width brackets"),
    pytest.param("（来源：新华社）", ["source header 来源=新华社"], id="full-width brackets"),
    pytest.param("【来源：广西日报】", ["source header 来源=广西日报"], id="lenticular brackets"),
    pytest.param("[来源：广西日报]", ["source header 来源=广西日报"], id="square brackets"),
    pytest.param("▌本文来源：央视新闻", ["source header 本文来源=央视新闻"], id="behind a block sign"),
    pytest.param("●来源:新华社", ["source header 来源=新华社"], id="behind a dot"),
    pytest.param("—— 来源:新华社", ["source header 来源=新华社"], id="behind a dash"),
    pytest.param("信息来源:县应急管理局", ["source header 信息来源=县应急管理局"], id="信息来源"),
    pytest.param("稿件来源:县教体局", ["source header 稿件来源=县教体局"], id="稿件来源"),
    pytest.param("内容来源:人民网", ["source header 内容来源=人民网"], id="内容来源"),
    pytest.param("文章来源:人民网", ["source header 文章来源=人民网"], id="文章来源"),
    pytest.param("消息来源:县气象台", ["source header 消息来源=县气象台"], id="消息来源"),
    pytest.param("新闻来源:四川在线", ["source header 新闻来源=四川在线"], id="新闻来源"),
    pytest.param("原文来源:川观新闻", ["source header 原文来源=川观新闻"], id="原文来源"),
    pytest.param("综合来源:新华社、央视新闻", ["source header 综合来源=新华社、央视新闻"], id="综合来源"),
    pytest.param(
        "相关信息来源：普华永道微信公众号", ["source header 相关信息来源=普华永道微信公众号"], id="相关信息来源"
    ),
    pytest.param("图文来源:宜宾发布", ["source header 图文来源=宜宾发布"], id="图文来源 is text as well"),
    pytest.param("转载来源:四川日报", ["source header 转载来源=四川日报"], id="转载来源"),
    pytest.param("稿源:人民日报", ["source header 稿源=人民日报"], id="稿源"),
    pytest.param("本文来源人民日报", ["source header 本文来源=人民日报"], id="本文来源 without a mark"),
    pytest.param("本文来源于人民日报", ["source header 本文来源于=人民日报"], id="本文来源于"),
    pytest.param("信息来源于网络", ["source header 信息来源于=网络"], id="信息来源于网络"),
    pytest.param("内容来源自县气象局。", ["source header 内容来源自=县气象局"], id="内容来源自, full stop"),
    pytest.param("素材来源:网络", ["material header 素材来源=网络"], id="素材来源"),
    pytest.param("素材来源：网络，侵删", ["material header 素材来源=网络"], id="素材来源 with a remark"),
    pytest.param("部分素材来源于网络", ["material header 部分素材来源于=网络"], id="部分素材来源于"),
    pytest.param("图文素材来源:网络", ["material header 图文素材来源=网络"], id="图文素材来源"),
    pytest.param("转自:新华社", ["source header 转自=新华社"], id="转自:"),
    pytest.param("转自|新华社", ["source header 转自=新华社"], id="转自|"),
    pytest.param("转自新华社", ["source header 转自=新华社"], id="转自 without a mark"),
    pytest.param("转自 共青团中央", ["source header 转自=共青团中央"], id="转自 and a space"),
    pytest.param("（转自：人民日报）", ["source header 转自=人民日报"], id="转自 in brackets"),
    pytest.param("本文转自人民日报", ["source header 本文转自=人民日报"], id="本文转自"),
    pytest.param("转载自宜宾发布", ["source header 转载自=宜宾发布"], id="转载自"),
    pytest.param("转载自：宜宾发布", ["source header 转载自=宜宾发布"], id="转载自："),
    pytest.param("转载：四川发布", ["source header 转载=四川发布"], id="转载："),
    pytest.param("综合自新华社、央视新闻", ["source header 综合自=新华社、央视新闻"], id="综合自"),
    pytest.param("综合：新华社、人民日报", ["source header 综合=新华社、人民日报"], id="综合："),
    pytest.param("综合丨央视新闻 宜宾日报", ["source header 综合=央视新闻 宜宾日报"], id="综合丨 with spaces"),
    pytest.param("编译自路透社", ["source header 编译自=路透社"], id="编译自"),
    pytest.param("（摘自《人民日报》）", ["source header 摘自=人民日报"], id="摘自 a paper"),
    pytest.param("（摘编自《科技日报》，原题为《某题》）", ["source header 摘编自=科技日报"], id="摘编自"),
    pytest.param("本文来自微信公众号：山间笔记", ["source header 本文来自=山间笔记"], id="本文来自微信公众号"),
    pytest.param("来源：微信公众号“高县发布”", ["source header 来源=微信公众号“高县发布”"], id="an account in quotes"),
    pytest.param("来源：央视新闻（ID：cctvnewscenter）", ["source header 来源=央视新闻"], id="an id in brackets"),
    pytest.param("来源：人民日报（海外版）", ["source header 来源=人民日报"], id="an edition in brackets"),
    pytest.param("来源：《半月谈》", ["source header 来源=半月谈"], id="title marks"),
    pytest.param("来源：“学习强国”平台", ["source header 来源=“学习强国”平台"], id="quotes inside a name"),
    pytest.param("来源:中国政府网、人民日报", ["source header 来源=中国政府网、人民日报"], id="two names with 、"),
    pytest.param("来源:中国政府网,人民日报", ["source header 来源=中国政府网,人民日报"], id="two names with a comma"),
    pytest.param(
        "来源:中国政府网;人民日报", ["source header 来源=中国政府网;人民日报"], id="two names with a semicolon"
    ),
    pytest.param("来源:中国政府网/人民日报", ["source header 来源=中国政府网/人民日报"], id="two names with a slash"),
    pytest.param("来源:中国政府网 人民日报", ["source header 来源=中国政府网 人民日报"], id="two names with a space"),
    pytest.param("来源：广西日报-广西云客户端", ["source header 来源=广西日报-广西云客户端"], id="a hyphen inside"),
    pytest.param(
        "来源|长江日报及新华社、央视新闻等", ["source header 来源=长江日报及新华社、央视新闻等"], id="及 and 等"
    ),
    pytest.param("来源：新华社 2026-10-05 09:30", ["source header 来源=新华社"], id="a date behind the name"),
    pytest.param("来源：新华社　发布时间：2026-10-05", ["source header 来源=新华社"], id="a label behind the name"),
    pytest.param("来源：新华社  栏目主持：张三", ["source header 来源=新华社"], id="an unknown label behind the name"),
    pytest.param("来源：新华网 点击：35次", ["source header 来源=新华网"], id="clicks behind the name"),
    pytest.param(
        "来源：https://www.example.cn/a.html 张三",
        ["source header 来源=https://www.example.cn/a.html"],
        id="an address",
    ),
    pytest.param(
        "发布时间：2026-10-05 来源：县林业局 字号：大 中 小",
        ["source header 来源=县林业局"],
        id="one line of page data",
    ),
    pytest.param(
        "2026-10-05 16:40来源:县商务局 作者:李四",
        ["source header 来源=县商务局", "author header 作者=李四"],
        id="glued to a time",
    ),
    pytest.param(
        "作者：县农业农村局来源： 四川省农业农村厅",
        ["author header 作者=县农业农村局", "source header 来源=四川省农业农村厅"],
        id="glued to a name",
    ),
    pytest.param("来源：县供销社编辑：王五", ["source header 来源=县供销社"], id="glued to 编辑"),
    pytest.param("（来源：广西新闻网 记者李四）", ["source header 来源=广西新闻网"], id="a reporter behind the name"),
    pytest.param("来源：\n新华社\n字号：默认", ["source header 来源=新华社"], id="label and value on two lines"),
    pytest.param("来  源\n：新华社", [], id="a mark on the next line is no label"),
    pytest.param(
        "来源：\n“高县发布”微信公众号",
        ["source header 来源=“高县发布”微信公众号"],
        id="value in quotes on the next line",
    ),
    pytest.param(
        "【来源：新华社】\n【作者：张三】",
        ["source header 来源=新华社", "author header 作者=张三"],
        id="one label a line",
    ),
    pytest.param(
        f"来源：本网\n{BODY}\n来源：吉林省林业厅",
        ["source header 来源=本网", "source text 来源=吉林省林业厅"],
        id="two sources on one page",
    ),
    pytest.param(
        f"来源：新华社\n{BODY}\n来源：新华社",
        ["source header 来源=新华社", "source text 来源=新华社"],
        id="the same above and below",
    ),
    pytest.param(f"{BODY}（来源：宜宾日报）", ["source text 来源=宜宾日报"], id="brackets at the end of the text"),
    pytest.param(f"{BODY}来源：宜宾日报", ["source text 来源=宜宾日报"], id="glued to the last sentence"),
    pytest.param(
        f"{BODY}\n▌本文来源：央视新闻（ID：x）综合海盐公安、海盐县传媒中心",
        ["source text 本文来源=央视新闻", "source text 综合=海盐公安、海盐县传媒中心"],
        id="综合 behind a bracket",
    ),
    pytest.param(
        "转载自防务要闻公众号【据美国媒体8月报道】某型装备亮相",
        ["source header 转载自=防务要闻公众号"],
        id="a digest without line breaks",
    ),
    pytest.param(
        "转载自军事文摘公众号自古兵马未动粮草先行",
        ["source header 转载自=军事文摘公众号"],
        id="公众号 with the text right behind",
    ),
    pytest.param(
        "来源：溪流之声作者：溪流潜艇以特有的隐蔽性著称",
        ["source header 来源=溪流之声", "author header 作者=溪流潜艇以特有的隐蔽性著称"],
        id="a digest with two labels",
    ),
    pytest.param(
        "转自 学会服务365来源｜科普中国",
        ["source header 转自=学会服务365", "source header 来源=科普中国"],
        id="转自 and 来源 in one line",
    ),
    pytest.param(
        "转自求是网加快建设现代化产业体系推动高质量发展迈上新台阶取得新成效新进步",
        ["source header 转自=求是网加快建设现代化产业体系推动高质量发展迈上新"],
        id="a run-on without an end is cut",
    ),
    pytest.param(
        "转自新华社客户端加快建设现代化产业体系推动高质量发展迈上新台阶取得新成效",
        ["source header 转自=新华社客户端"],
        id="a run-on with a known end",
    ),
    pytest.param(
        "转自山城笔记“加快建设现代化产业体系推动高质量发展迈上新台阶取得新成效",
        ["source header 转自=山城笔记"],
        id="a run-on with a quotation",
    ),
    pytest.param("新华社北京10月3日电 记者从有关部门获悉", ["dateline header 新华社"], id="dateline"),
    pytest.param("新华社北京10月3日电（记者张三）近日", ["dateline header 新华社"], id="dateline with a reporter"),
    pytest.param("据新华社北京10月3日电 近日", ["dateline header 新华社"], id="据 dateline"),
    pytest.param("据新华社惠灵顿电 （记者张三）研究显示", ["dateline header 新华社"], id="dateline without a date"),
    pytest.param("中新网8月3日电 据民政部网站消息，今日", ["dateline header 中新网"], id="中新网"),
    pytest.param("大众日报济南1月28日电 （记者张三）", ["dateline header 大众日报"], id="a provincial paper"),
    pytest.param("财联社11月25日电，上汽集团涨停", ["dateline header 财联社"], id="a dateline with a comma"),
    pytest.param(
        "全力打通堵点卡点新华社长沙11月20日电 有关负责人", ["dateline header 新华社"], id="joined to the title"
    ),
    pytest.param(
        f"{BODY}\n（新华社北京1月31日电）", ["dateline text 新华社"], id="dateline in brackets under the text"
    ),
    pytest.param("新华社联合国1月26日电 常驻代表", ["dateline header 新华社"], id="a place that is none"),
    pytest.param("新华社北京2026年10月3日16时电 近日", ["dateline header 新华社"], id="dateline with year and hour"),
    pytest.param("据新华社消息，近日", ["wire header 新华社"], id="据新华社消息"),
    pytest.param("据央视新闻客户端消息：近日", ["wire header 央视新闻"], id="据央视新闻客户端消息"),
    pytest.param(
        f"{BODY}\n{BODY}\n{BODY}\n另据人民日报消息，近日",
        ["wire text 人民日报"],
        id="a wire speaks anywhere at the head of a line",
    ),
    pytest.param("据宜宾市应急管理局消息，今晨", ["wire header 宜宾市应急管理局"], id="据…消息 at the beginning"),
    pytest.param("据交通运输部网站消息，今晨", ["wire header 交通运输部"], id="据…网站消息"),
    pytest.param(f"{BODY}（总台记者张三 李四）", ["dateline text 记者=总台"], id="a station's reporters"),
    pytest.param("总台央视记者/曹某", ["dateline header 记者=总台央视"], id="a station's reporter with a slash"),
    pytest.param("（新京报记者 张三）", ["dateline header 记者=新京报"], id="a paper's reporter"),
    pytest.param("（高县融媒体中心记者 张三 李四）", ["author header 记者=高县融媒体中心"], id="a unit's reporters"),
    pytest.param("高县融媒体中心全媒体记者：张三", ["author header 记者=高县融媒体中心"], id="全媒体记者"),
    pytest.param(f"{BODY}（财联社）", ["source text =财联社"], id="a bare name in brackets"),
    pytest.param(f"{BODY}（人民日报客户端） #秋收# #高县#", ["source text =人民日报"], id="a bare name before topics"),
    pytest.param("供稿:县公安局", ["author header 供稿=县公安局"], id="供稿"),
    pytest.param("供稿单位：县教体局", ["author header 供稿单位=县教体局"], id="供稿单位"),
    pytest.param("（县注协供稿）", ["author header 供稿=县注协"], id="…供稿"),
    pytest.param("撰稿：张三", ["author header 撰稿=张三"], id="撰稿"),
    pytest.param("撰 稿 人：张三", [], id="撰 稿 人 spaced out"),
    pytest.param("图文：高县发布", ["author header 图文=高县发布"], id="图文"),
    pytest.param("图/文：高县发布", ["author header 图/文=高县发布"], id="图/文"),
    pytest.param("文/张三", ["author header 文=张三"], id="文/"),
    pytest.param("摄影：张三", ["author header 摄影=张三"], id="摄影"),
    pytest.param("通讯员：李四", ["author header 通讯员=李四"], id="通讯员"),
    pytest.param("作者：Sergio De Simone", ["author header 作者=Sergio De Simone"], id="a Latin name"),
    pytest.param("供稿：县委办 编辑：张三 审核：李四", ["author header 供稿=县委办"], id="供稿, 编辑, 审核"),
]

TRAPS = [
    pytest.param("来源:编辑:张三", id="empty, then 编辑"),
    pytest.param("来源: 审核:李四", id="empty, then 审核"),
    pytest.param("来源：", id="empty"),
    pytest.param("来源：   ", id="empty with spaces"),
    pytest.param("来源： 发布机构：", id="empty, then an empty label"),
    pytest.param("来源：　栏目类别：要闻", id="empty, then an unknown label"),
    pytest.param("转载来源： 转载时间： 2026-03-18", id="empty, then a date label"),
    pytest.param("来源：\n各县、区人民政府，市级各部门：", id="empty, then the address of a notice"),
    pytest.param("来源：\n国庆假期旅游市场平稳有序", id="empty, then a title"),
    pytest.param("来源：\n编辑：张三办公室", id="empty, then a label's line"),
    pytest.param("浏览次数：12 来源：\n县人民政府办公室", id="empty at the end of a data line, then the text"),
    pytest.param("来源：未知", id="未知"),
    pytest.param("来源:未知 点击:次", id="未知, then a label"),
    pytest.param("来源：...", id="dots"),
    pytest.param("来源：……", id="ellipsis"),
    pytest.param("来源：无", id="无"),
    pytest.param("来源：2026-10-05", id="only a date"),
    pytest.param("来源：网页链接", id="only a link"),
    pytest.param("水来源：自来水厂", id="水来源"),
    pytest.param("主要经济来源：务农", id="经济来源"),
    pytest.param("资金来源于财政拨款。", id="资金来源于"),
    pytest.param("资金来源：县级财政", id="资金来源:"),
    pytest.param("收入主要来源:外出务工", id="主要来源"),
    pytest.param("数据来源：县统计局", id="数据来源"),
    pytest.param("这一切，来源于群众的创造。", id="来源于 in a sentence"),
    pytest.param("要核实信息来源：凡不明链接一律不点。", id="信息来源 in a sentence"),
    pytest.param("信息来源广泛复杂，要注意甄别。", id="信息来源 as a subject"),
    pytest.param("证据、来源：详见附件目录", id="来源 in a list of words"),
    pytest.param("凡本网注明“来源：高县发布”的作品，均为本网原创。", id="a copyright notice"),
    pytest.param("转载请注明来源：高县发布", id="转载请注明来源"),
    pytest.param("转载：请联系后台授权", id="转载：请联系"),
    pytest.param("商务合作/转载/投稿请联系小编", id="转载/投稿"),
    pytest.param("自由转载-非商用-保持署名", id="自由转载"),
    pytest.param("央视网转载我县经验做法", id="转载 as a verb"),
    pytest.param("图源:视觉中国", id="图源"),
    pytest.param("图片来源:新华社", id="图片来源"),
    pytest.param("封图来源于视觉中国", id="封图来源于"),
    pytest.param("△视频来源：北京新闻", id="视频来源"),
    pytest.param("△截图来源：《治安管理处罚法》", id="截图来源"),
    pytest.param("央视新闻的微博视频", id="…的微博视频"),
    pytest.param("摄/张三", id="摄/"),
    pytest.param("摄影师：Jan Woitas", id="摄影师"),
    pytest.param("新华社记者 张三 摄", id="a wire's picture"),
    pytest.param("新华社发（张三 摄）", id="新华社发"),
    pytest.param("侯某某摄（人民视觉）", id="人民视觉"),
    pytest.param("会场外,据美国媒体报道,股市下跌。", id="据…报道 in a sentence"),
    pytest.param("据日本媒体报道，23日晚发生火灾。", id="据…报道 at the beginning"),
    pytest.param("会上说,据新华社消息,近日降温。", id="据…消息 in a sentence"),
    pytest.param("据可靠消息，近日有雨。", id="据可靠消息"),
    pytest.param(f"{BODY}\n{BODY}\n{BODY}\n据县气象台消息，近日有雨。", id="据…消息 deep in the text"),
    pytest.param("他读道：“新华社北京10月3日电 近日”", id="a dateline in a quotation"),
    pytest.param("“新华社北京10月3日电 近日”", id="a quotation that begins the line"),
    pytest.param("报道称，据新华社北京10月3日电，近日", id="a dateline in a sentence"),
    pytest.param("本报北京1月31日电 （记者张三）", id="本报's own dateline"),
    pytest.param("本网讯：近日，我县召开会议。", id="本网讯"),
    pytest.param("县人民医院10月3日电话通知", id="电话"),
    pytest.param("（记者张三）", id="a bare reporter"),
    pytest.param("（张三）", id="a bare name"),
    pytest.param("（本报记者 张三）", id="本报记者"),
    pytest.param("新华社记者从会上获悉，今年全县将新建", id="a reporter in a sentence"),
    pytest.param("记者：请介绍一下《规划》的主要考虑。", id="an interview"),
    pytest.param("“人民至上”（人民日报）", id="a quotation's paper"),
    pytest.param("（节选自《平凡的世界》）", id="a book"),
    pytest.param("摘自“十五五”规划建议", id="a document in quotes"),
    pytest.param("编辑：张三 审核：李四 监制：王五", id="staff"),
    pytest.param("综合：优秀", id="综合 as a mark"),
    pytest.param("综合治理成效明显", id="综合 as a word"),
    pytest.param("我县选手（含青年组）综合成绩第一", id="综合 behind a bracket as a word"),
    pytest.param("他由公办教师转自由职业", id="转自 in a word"),
    pytest.param(
        "某项工作来源：" + "持续推进各项任务落地见效不断提升群众满意度" * 2, id="a run-on behind an ordinary word"
    ),
    pytest.param("时间：全天 来源：" + "持续推进各项任务落地见效不断提升群众满意度" * 2, id="a run-on in a data line"),
    pytest.param("", id="nothing"),
    pytest.param("\n \n", id="empty lines"),
]

FOOTERS = [
    pytest.param("往期精彩", id="往期精彩"),
    pytest.param("▼往期精彩回顾▼", id="往期精彩回顾"),
    pytest.param("【推荐阅读】", id="推荐阅读"),
    pytest.param("相关阅读:", id="相关阅读"),
    pytest.param("延伸阅读", id="延伸阅读"),
    pytest.param("往期回顾丨高县这样做", id="往期回顾 and a title"),
    pytest.param("相关新闻", id="相关新闻"),
    pytest.param("猜你喜欢", id="猜你喜欢"),
    pytest.param("上一篇：县委召开常委会", id="上一篇"),
]


def shown(text: str) -> list[str]:
    """Return a text's credits as the tables have them."""
    lines = []
    for each in read_credits(text):
        labelled = each.kind not in (CreditKind.DATELINE, CreditKind.QUOTED_WIRE) or each.label == "记者"
        lines.append(
            f"{each.kind.value} {each.place.value} " + (f"{each.label}={each.value}" if labelled else each.value)
        )
    return lines


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form_is_read(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", TRAPS)
def test_trap_is_no_credit(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize("footer", FOOTERS)
def test_what_follows_a_footer_is_not_read(footer: str) -> None:
    assert shown(f"{BODY}\n来源：宜宾日报\n{footer}\n来源：新华社\n转自人民日报") == ["source text 来源=宜宾日报"]


def test_a_footer_word_in_a_sentence_cuts_nothing() -> None:
    assert shown(f"{BODY}\n推荐阅读《习近平谈治国理政》第五卷。\n来源：新华社") == ["source text 来源=新华社"]


def test_a_first_line_is_never_a_footer() -> None:
    assert shown("相关阅读\n来源：新华社") == ["source header 来源=新华社"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(f"县委召开常委会\n来源：甲报\n{BODY}", CreditPlace.HEADER, id="under the title"),
        pytest.param(f"一\n二\n三\n来源：甲报\n{BODY}", CreditPlace.HEADER, id="the fourth short line"),
        pytest.param("一\n二\n三\n四\n来源：甲报", CreditPlace.TEXT, id="the fifth line"),
        pytest.param("短文一则。\n来源：甲报", CreditPlace.TEXT, id="behind a sentence"),
        pytest.param(f"{'长' * 40}\n来源：甲报", CreditPlace.HEADER, id="behind a line as long as a title can be"),
        pytest.param(f"{'长' * 41}\n来源：甲报", CreditPlace.TEXT, id="behind a long line"),
        pytest.param("短文一则。来源：甲报", CreditPlace.TEXT, id="behind a sentence in its line"),
        pytest.param(f"{'（一）' * 30}来源：甲报", CreditPlace.TEXT, id="far behind in its line"),
    ],
)
def test_place(text: str, place: CreditPlace) -> None:
    assert [each.place for each in read_credits(text)] == [place]


def test_a_dateline_keeps_its_words_as_label() -> None:
    assert [each.label for each in read_credits("新华社北京10月3日电（记者张三）")] == ["新华社北京10月3日电"]
    assert [each.label for each in read_credits("据新华社消息，近日")] == ["据…消息"]


PIECES = [
    *"来源转自据电（）()【】：:丨|/、，。“”《》\n \t　",
    *(
        "来源",
        "来源：",
        "转自",
        "综合自",
        "新华社",
        "10月3日电",
        "据新华社消息，",
        "记者",
        "供稿：",
        "素材来源",
        "往期精彩",
        "编辑：",
    ),
    *(
        "高县发布",
        "公众号",
        "http://x",
        "2026-10-01",
        "未知",
        "等",
        "综合",
        "（ID：x）",
        "（总台记者张三）",
        "（财联社）",
    ),
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
@example("（）综合来源：")
@example("（ID：x）综合、、")
@example("（ID：x）综合央视军事")
def test_any_text_is_read_and_values_occur_in_it(text: str) -> None:
    whole = "".join(text.split())
    for each in read_credits(text):
        assert each.value
        assert "".join(each.value.split()) in whole


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("来源:", id="labels"),
        pytest.param("新华社北京1月1日电", id="datelines"),
        pytest.param("·", id="signs"),
        pytest.param("据报", id="half words"),
        pytest.param("来" + " " * 20, id="spaces"),
        pytest.param("（甲日报）", id="brackets"),
        pytest.param("来源：报社\n", id="lines"),
    ],
)
def test_time_is_linear(piece: str) -> None:
    small, large = (piece * (size // len(piece)) for size in (25_000, 200_000))
    best = min(_seconds(large) for _ in range(3)) / max(min(_seconds(small) for _ in range(3)), 1e-4)
    assert best < 8 * 5  # eight times the text; a square would take sixty-four times as long


def _seconds(text: str) -> float:
    start = time.thread_time()  # what else the machine does is not counted
    read_credits(text)
    return time.thread_time() - start


# --------------------------------------------------------------------------------------------- who wrote it, in brackets


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("全县社保经办工作扎实开展。（县人社局杨熙）", "县人社局", id="unit and name"),
        pytest.param("（文江镇李某某）", "文江镇", id="a line of its own"),
        pytest.param("他说：“一定办好。”（县第一中学张三）", "县第一中学", id="behind a quotation"),
        pytest.param("全县社保经办工作扎实开展。（县人社局 杨 熙）", "县人社局", id="a name written with spaces"),
    ],
)
def test_a_writer_in_brackets_names_the_unit(text: str, value: str) -> None:
    (found,) = read_credits(f"{text}\n")
    assert (found.kind, found.label, found.value) == (CreditKind.AUTHOR, "", value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("图为活动现场。（县人社局供图）", id="a picture credit"),
        pytest.param("以上数据截至10月。（县统计局发布）", id="what a unit did"),
        pytest.param("图为活动现场。（县人社局 供图）", id="a picture credit behind a space"),
        pytest.param("该项目位于县城（文江镇李家坝）", id="a place inside a sentence"),
        pytest.param("全县社保经办工作扎实开展。（杨熙）", id="a bare name"),
    ],
)
def test_what_is_no_writer_in_brackets(text: str) -> None:
    assert read_credits(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("公司回应称情况属实。（中国经营报）", "中国经营报", id="a paper"),
        pytest.param("新机将于下月发布。（IT之家）", "IT之家", id="a site"),
        pytest.param("专家建议理性投资。（经济日报微信综合）", "经济日报", id="an account that put it together"),
        pytest.param("全国秋粮收购有序进行。（川观新闻）", "川观新闻", id="a news account"),
        pytest.param("全国秋粮收购有序进行。（宜宾发布）", "宜宾发布", id="an office's account"),
        pytest.param("全国秋粮收购有序进行。（央视财经）#秋粮#", "央视财经", id="a business channel before a topic"),
        pytest.param("全国秋粮收购有序进行。（叙州区融媒体中心）", "叙州区融媒体中心", id="a county's media centre"),
    ],
)
def test_a_medium_in_brackets(text: str, value: str) -> None:
    (found,) = read_credits(text)
    assert (found.kind, found.value) == (CreditKind.SOURCE, value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("秋粮收购政策已经明确。（最新新闻）", id="what news it is"),
        pytest.param("秋粮收购政策已经明确。（今日发布）", id="when it was published"),
        pytest.param("秋粮收购政策已经明确。（联合发布）", id="how it was published"),
        pytest.param("秋粮收购政策已经明确。（10月5日发布）", id="on which day it was published"),
        pytest.param("他说：“心里有底。”（宜宾发布）", id="whose words were quoted"),
        pytest.param("秋粮收购（宜宾发布）政策已经明确。", id="a bracket inside a sentence"),
    ],
)
def test_what_is_no_medium_in_brackets(text: str) -> None:
    assert read_credits(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("据财联社9月26日消息，今日", "财联社", id="a wire"),
        pytest.param("据宜宾市应急管理局网站5日消息，今晨", "宜宾市应急管理局", id="an office"),
    ],
)
def test_a_day_may_stand_before_the_word_for_news(text: str, value: str) -> None:
    (found,) = read_credits(text)
    assert (found.kind, found.value) == (CreditKind.QUOTED_WIRE, value)
