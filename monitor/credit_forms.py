"""Credit forms: how the lines that say where a text comes from are written, as patterns."""

import re

MOST_SIGNS = 12  # signs that may stand before a line's first word
LONGEST_LABEL = 32  # letters, spaces included

GAP = r"[^\S\n]{0,8}"
HAN = "一-鿿"
MARK = ":：﹕∶丨|｜︱│/／"
STOPS = "。！？!?"
QUOTES = "“‘\"'《"
OPENERS = "（(【[〔『「"
CLOSERS = "]）)】〕』」"  # the bracket first: so it can stand in a pattern's set
SPEECH_ENDS = "”’"
JOINTS = "，、,_"
EDGES = " \t\u3000\xa0:：|｜丨/／、，,;；.…·-—–_*#@&=+~～<>▲△▼▽■□◆●○★☆"
PAIRS = ("《》", "“”", "‘’", '""', "''", "〈〉")
PICKED = ("摘自", "选自", "编自", "原载")  # also how a quotation names its book

_WIRES = (
    "新华社|新华网|新华每日电讯|中新社|中新网|中国新闻网|中国新闻社|人民日报|人民网|央视新闻|央视网|央广网|"
    "中央广播电视总台|光明日报|光明网|经济日报|中国经济网|中国日报网|求是网|国际在线|解放军报|中国军网|新京报|环球网|"
    "中国网|财联社|第一财经|一财|澎湃新闻|界面新闻|红星新闻|封面新闻|每日经济新闻|每经|券商中国|新浪科技|新浪财经|IT之家"
)
_PAPERS = (
    rf"[{HAN}]{{1,7}}(?:日报|晚报|晨报|早报|时报|商报|青年报|都市报|经营报|基金报|证券报|经济报|金融报|会计报|税务报|法治报|"
    "法制报|教育报|科技报|文化报|环境报|农民报|工人报|通讯社|电视台|新闻网)"
)
_MEDIA = rf"(?:{_WIRES}|{_PAPERS})"
_ACCOUNT_NAMES = (
    # Names that only a closing bracket may hold: elsewhere 新闻 and 发布 are ordinary words.
    rf"[{HAN}A-Za-z]{{1,6}}(?:财经|见闻|融媒(?:体中心|体)?)|e公司|中证金牛座|"
    "(?![今每昨当]日|最新|重[大要磅]|热点|突发|国[内际外]|体育|娱乐|社会|科技|图片|视频|相关|更多|本地|时政|民生|一周|[早晚午]间|"
    rf"滚动|头条|独家|虚假|负面|正面)[{HAN}]{{2,4}}新闻|"
    "(?![今昨当][天日]|[近日]日|日前|刚刚|正式|联合|公开|[即实限]时|滚动|权威|首[次发]|同[步时]|统一|集中|最新|重磅|定期|对外|官方|"
    "自动|已经|尚未|新[品闻]|全[球国网新]|线[上下]|现场|信息|政策|公告|预警|成果|视频|再次|继续|陆续|分批|逐步|择[日期机]|另行|等待|"
    rf"[早晚午]间|即将|暂[停缓]|[{HAN}]{{0,2}}[年月日])[{HAN}]{{2,4}}(?<![局委办部厅院府署会])发布"
)
_DAY = r"(?:(?:\d{1,2}月)?\d{1,2}日)?"
_ACCOUNTS = "(?:客户端|微信公众号|公众号|官方微博|微信|微博|官微)"

# Labels: each is followed by a mark (来源： 来源丨 来源/), and takes a name, or ends one (the others).
_SOURCE = (
    r"(?:(?:以上|以下|部分|相关|本期|综合|图文|文图){0,2}"
    r"(?:本文|文章|稿件|内容|信息|消息|新闻|素材|文字|原文|全文|资讯|转载|文稿|推文)?(?:内容|素材)?"
    rf"来{GAP}源|稿{GAP}源)"
)
_RELAY = (
    r"(?:本文|文章|图文|部分内容|以上内容|以下内容|内容|信息|消息|素材|文字|原文)?"
    rf"(?:转{GAP}自|转载自|综合自|综编自|综合整理自|整理自|编译自|摘编自|摘自|选自|节选自|原载)"
    r"|(?:本文|文章|内容|素材|图文|信息|消息|文字)来自"
)
_AUTHOR = (
    rf"供{GAP}稿(?:单位|人)?|撰{GAP}稿(?:单位|人)?|撰文|图{GAP}文|文图|图[/／、]文|文[/／、]图|摄{GAP}影|"
    rf"作{GAP}者(?:单位)?|文字|文(?=[/／丨])|采写|记者|通讯员|来稿(?:单位)?|报送单位"
)
_PICTURE = (
    rf"(?:图片|图|封图|题图|配图|海报|截图|视频|音频|音乐|数据|资料|素材图片|图片素材|视频素材){GAP}来{GAP}源|图源|供图"
)
_STAFF = (
    rf"(?:责任|本期|微信|值班|新媒体|网络|栏目|见习|实习|文字|图文|版面|视频|副)?编{GAP}辑|责编|编审|编校|审{GAP}[核校签发]|校{GAP}[对审稿]|[初复终一二三]{GAP}审|监{GAP}制|"
    rf"统筹|策划|设计|制图|排版|[总主]编|签发|摄像|视频|图片|配{GAP}图|文案|编译|翻译|播音|朗读|剪辑|制作|出品|实习生"
)
_ABOUT = (
    "(?:发布|更新|转载|发表|创建)?(?:时间|日期)|转载链接|浏览(?:次数|量)?|点击(?:次数|数|量|率)?|阅读(?:次数|量)?|访问量|"
    r"字体|字号|分享|打印|发布(?:机构|单位|部门|人)|信息索引|索引号|原标题|标题|责任人|联系(?:人|电话)|电话|ID|标签|关键词|摘[^\\S\\n]{0,8}要"
)
_LABELS = (
    rf"(?:(?P<other>{_PICTURE}|{_STAFF}|{_ABOUT})|(?P<source>{_SOURCE})|"
    rf"(?P<relay>{_RELAY}|(?:本文|文章)?转载(?![/／])|综合)|(?P<author>{_AUTHOR})){GAP}[{MARK}]"
)
LABEL = re.compile(_LABELS)
LABEL_END = re.compile(rf"{_LABELS}\Z")
SIGN = re.compile(
    # A label's last letter, or a space, and its mark: where none stands, no label is looked for (four times as fast).
    "(?<=[源稿自载合位人文图影者字写员辑责审编校核签发对制筹划计版像频片案译音读作品生间期接数量率览击读问体号享印构门引题系话D"
    rf"签词要\s])[{MARK}]"
)

# Looser forms: no mark, or no label at all.
BARE_RELAY = re.compile(
    rf"(?P<label>{_RELAY})(?!{GAP}[{MARK}]){GAP}(?P<value>[^\s{STOPS}，,；;：:][^{STOPS}，,；;]{{1,60}})"
)
BARE_SOURCE = re.compile(
    r"(?P<label>(?:本文|文章)来源(?:于|自)?|"
    r"(?:以上|部分|相关)?(?:内容|信息|消息|素材|稿件|图文|文字)(?:素材)?来源[于自])"
    rf"(?!{GAP}[{MARK}]){GAP}(?P<value>[^\s{STOPS}，,；;：:]{{2,30}})\s*(?:$|[{CLOSERS}。])"
)
SPACED_SOURCE = re.compile(rf"\W{{0,8}}(?P<label>来{GAP}源)[^\S\n]{{1,8}}(?P<value>[^{STOPS}，,；;：:]{{2,30}})$")
JOINED = re.compile(
    rf"ID{GAP}[:：]{GAP}[\w-]{{1,40}}[)）]{GAP}(?P<label>综合)(?P<value>[^\s{STOPS}，,；;：:]{{2,40}})$"
)
WIRED_SIGN = re.compile(r"[日时社]电|电(?:[\s（(]|$)")
DATELINE = re.compile(
    rf"(?P<quoted>据)?(?P<wire>{_MEDIA})[^\s，。：；“”]{{0,16}}?"
    r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:\d{1,2}时)?电(?P<open>[\s（(题，,]|$)?|电(?=[\s（(]|$))"
)
WIRED = re.compile(rf"[另又]?据(?P<value>{_WIRES})(?:网站|{_ACCOUNTS})?{_DAY}消息(?=[，,：:\s]|$)")
TOLD = re.compile(rf"据(?P<value>[{HAN}A-Za-z0-9、“”]{{2,24}}?)(?:网站|官网|官方网站|{_ACCOUNTS})?{_DAY}消息[，,：:]")
REPORTER = re.compile(
    rf"(?<![{HAN}])(?P<value>[{HAN}]{{2,16}}?)(?:全媒体|融媒体|见习|首席|特约|实习|本网|客户端)?"
    r"(?P<label>记者|通讯员)[\s:：/]{0,4}"
    rf"(?P<who>[{HAN}·]{{2,4}}(?:[\s、，]{{1,4}}[{HAN}·]{{1,4}}){{0,9}})\s*(?=$|[{CLOSERS}])"
)
WRITTEN = re.compile(r"[（(](?P<value>[^（）()，,。：:\s]{2,20}?)(?P<label>供稿|撰稿|来稿|投稿)[)）]")
NAMED = re.compile(
    rf"[（(【](?P<value>{_MEDIA}|新华视点|总台|央视|{_ACCOUNT_NAMES}){_ACCOUNTS}?(?:综合)?[)）】]\s*(?:#[^#]{{1,30}}#\s*){{0,8}}$"
)
WRITER = re.compile(
    # （县人社局杨熙）: who wrote it, behind the unit; no （县人社局提供）
    rf"[（(](?P<value>[{HAN}]{{1,12}}(?:局|委|办|中心|学校|中学|小学|医院|街道|[镇乡]))"
    rf"{GAP}(?!提供|供图|发布|通报|公[布告章]|印发|主办|承办|消息|官网|网站|代章|盖章|负责|牵头)[{HAN}]{GAP}[{HAN}]{{1,2}}[)）]$"
)

FOOTER = re.compile(
    r"\W{0,12}(?:往期(?:精彩|回顾|推荐|内容|文章|阅读|热文|链接|精选)?|"
    r"(?:推荐|相关|延伸|拓展|扩展|更多|热门|热点|精彩)(?:阅读|推荐|文章|新闻|链接|内容)|热文推荐|猜你喜欢|上一篇|下一篇)"
    r"(?:精彩|回顾|推荐|内容|文章|阅读)?\W{0,12}(?:$|[:：|丨])"
)

# What a value is, and where it ends.
NOTHING = re.compile(
    r"[\W_]*(?:未知|不详|不明|暂无|无|佚名|其他|其它|null|none|undefined|网页链接|"
    r"(?:请|须|需|务必|联系|投稿|授权|必究|扫码|添加).*)?[\W_]*",
    re.IGNORECASE,
)
ORGAN = re.compile(
    "(?:社|报|网|台|局|厅|委|办|部|府|院|会|站|所|处|科|室|司|署|馆|校|队|镇|乡|村|街道|社区|学|中心|公众号|客户端|新闻|发布|"
    "频道|在线|微博|微信|杂志|周刊|融媒|融媒体|平台|政务|视频|公司|网络|互联网|资讯|时讯|快报|观察|视点|之声|之窗|电讯|求是|"
    "广电|电视|广播|公安|消防|气象|等|CCTV|CGTN)[”’》」』]?$"
)
PRESS = re.compile(rf"(?:{_WIRES}|社|报|网|台|新闻|电视|广播|央视|央广)$")
WIRE = re.compile(_WIRES)
PAPER = re.compile("[报刊网讯社志]》")
PHOTO = re.compile(r"[摄图]|报道")
ENDS = re.compile(r"[。！？!?（）()【】\[\]〔〕「」『』]")
DATE = re.compile(r"\d{4}\s{0,2}[-年/.]|\d{1,2}月\d{1,2}日")
COLON = re.compile("[：:]")
TAIL_LABEL = re.compile(rf"(?:^|\s)[{HAN}]{{2,8}}$")
PLATFORM_FIRST = re.compile(r"(?:微信公众号|公众号|微信|官方微博|微博|视频号|抖音号?|今日头条|网站)\s*[：:]\s*")
ACCOUNT = re.compile(r"[^“”]{2,20}?公众号(?=\w)")  # an account's name with the text right behind it
WORD = re.compile(r"[^\s，,；;]+")
LIST = re.compile(r"[、，,；;/／|｜丨\s]")
PROSE = re.compile(r"[。！？!?，,；;:：\d]")
RUN_ON = re.compile(
    "公众号|微平台|客户端|官方微博|微信|微博|新华社|人民日报|日报社?|晚报|新闻网|人民网|融媒体中心|电视台"
)
