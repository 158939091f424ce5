"""How 公开版-YYYY-MM.html looks: on a wide screen, on a phone (rows as cards), and on paper."""

STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{font:16px/1.7 "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:1080px;
margin:0 auto;padding:16px;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
h1{font-size:26px;line-height:1.4;text-align:center;margin:16px 0 4px}
h2{font-size:19px;margin:28px 0 10px;padding-left:10px;border-left:5px solid #9b1c1c}
p{margin:8px 0}.office{text-align:center;font-size:18px}
dl,dd{margin:0}
.facts{border-block:1px solid #767676;padding:8px 0}
.facts div{display:flex;gap:8px}.facts dt{flex:none;width:6em;color:#444}
.running{border:2px solid #5c4400;padding:6px 10px}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin:12px 0}
a{color:#1d4f91;text-underline-offset:3px}
a:focus-visible{outline:3px solid #1d4f91;outline-offset:3px}
.totals{display:grid;grid-template-columns:repeat(9,1fr);border:1px solid #767676;border-width:1px 0 0 1px}
.totals div{border:1px solid #767676;border-width:0 1px 1px 0;padding:6px 4px;text-align:center}
.totals dt{font-size:14px;color:#444}.totals dd{font-size:20px;font-weight:bold;line-height:1.4;overflow-wrap:normal}
.terms div{display:flex;gap:8px;padding:3px 0}.terms dt{flex:none;width:5em;font-weight:bold}
table{border-collapse:collapse;width:100%;font-size:15px}
caption{text-align:left;font-weight:bold;padding:4px 0}
th,td{border:1px solid #767676;padding:5px 7px;text-align:left;vertical-align:top}
thead{display:table-header-group}thead th{background:#efefef;vertical-align:middle}
tbody th{font-weight:normal}tr{break-inside:avoid}
.platforms td,.platforms thead th:nth-child(n+2):nth-child(-n+5){text-align:right}
.platforms tbody th{white-space:nowrap}
.platforms td.rate{width:34%;text-align:left}.rate span{display:inline-block;width:4em;text-align:right}
.rate svg{display:inline-block;width:calc(100% - 4.6em);height:13px;margin-left:.5em;vertical-align:-1px;
border:1px solid #1a1a1a;background:#fff}
.results{table-layout:fixed}
.results th:nth-child(1){width:4.2em}.results th:nth-child(2){width:23%}.results thead th:nth-child(3){width:25%}
.results th:nth-child(4){width:6.5em}.results th:nth-child(5){width:6em}
.results tbody th{width:auto}
.results td:nth-child(1),.results td:nth-child(4){text-align:right}
small{display:block;font-size:12px;white-space:nowrap}
.no{font-weight:bold;color:#9b1c1c}.open{color:#5c4400}
.draft{border:3px double #9b1c1c;padding:6px 10px;text-align:center;color:#9b1c1c;margin:0 0 8px}
.across{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;font-size:min(11vw,120px);
font-weight:bold;white-space:nowrap;color:rgba(155,28,28,.1);transform:rotate(-30deg);pointer-events:none;z-index:1}
@media screen and (max-width:700px){
h1{font-size:22px}.totals{grid-template-columns:repeat(3,1fr)}
.terms div{display:block}.terms dd{padding-left:1em}
.platforms{font-size:13px}.platforms th,.platforms td{padding:4px 3px}
.platforms td.rate{width:27%}.rate svg{display:block;width:100%;margin:2px 0 0}.rate span{display:inline}
.results,.results tbody{display:block;width:100%}
.results caption{display:block}
.results thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.results tr{display:block;border:1px solid #767676;border-radius:6px;margin:0 0 10px;padding:6px 10px}
.results tbody th,.results tbody td,.results tbody td:nth-child(n){display:flex;gap:8px;width:auto;border:0;
padding:1px 0;text-align:left}
.results tbody th{font-weight:bold}
.results tr>*::before{flex:none;width:5em;color:#444;font-weight:normal}
.results tr>:nth-child(1)::before{content:"序号"}.results tr>:nth-child(2)::before{content:"主办单位"}
.results tr>:nth-child(3)::before{content:"账号名称"}.results tr>:nth-child(4)::before{content:"发布条数"}
.results tr>:nth-child(5)::before{content:"检查结果"}.results tr>:nth-child(6)::before{content:"问题类别"}
.results td:empty{display:none!important}
small{font-size:13px}
}
@page{size:A4;margin:16mm 12mm;@bottom-center{content:counter(page) " / " counter(pages);font-size:9pt}}
@media print{
body{max-width:none;padding:0;font-size:10.5pt;line-height:1.5}nav{display:none}
h1{font-size:18pt}h2{font-size:13pt;break-after:avoid}table{font-size:9.5pt}
.totals dt{font-size:9pt}.totals dd{font-size:13pt}.across{color:rgba(0,0,0,.09)}
.terms,.totals{break-inside:avoid}small{font-size:8pt}
}
"""
