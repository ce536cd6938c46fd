"""Hostile texts: what people try who want to speak to the store, the page or the spreadsheet behind a field."""

from typing import Final

SQL: Final = (
    "' OR '1'='1", "' OR 1=1 --", '" OR ""="', "') OR ('1'='1", "1; DROP TABLE cases", "'; DROP TABLE cases; --",
    "' UNION SELECT name FROM system.tables --", "' UNION ALL SELECT case_id FROM flowglass.v_cases --",
    "') UNION SELECT * FROM cases --", "1 OR sleep(3)", "' AND sleepEachRow(3)='0", "x' AND 1=toUInt8('a') --",
    "'||(SELECT version())||'", "' || currentDatabase() || '", "' + file('/etc/passwd') + '",
    "url('http://127.0.0.1:9/','CSV','a String')", "remote('127.0.0.1','system','one')", "' INTO OUTFILE '/tmp/x",
    "' FORMAT JSON", "' SETTINGS readonly=0 --", "{facility:String}", "{process:Identifier}", "%(facility)s", "{0}",
    "$1", "/* */ OR 1=1", "'/**/OR/**/1=1#", "-- ", "#", ";", "\\' OR 1=1 --", "\\", "\\\\'", "'", "''", '"', "`",
    "``", "' LIKE '%", "%", "_", "%%", "[a-z]", "*", "?", "x') GROUP BY ALL WITH TOTALS --", "0x27204f5220313d31",
    "char(39)||char(49)", "' AND (SELECT count() FROM v_ledger) > 0 --", "1e309", "-1", "NULL", "'||NULL||'",
)  # fmt: skip
"""For the store."""
MARKUP: Final = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>", "</script><script>alert(1)</script>", "<iframe srcdoc='<b>'>", "&lt;b&gt;",
    "<style>@import 'http://127.0.0.1:9/x'</style>", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}",
    "data:text/html,<script>alert(1)</script>", "<b>bold</b>",
)  # fmt: skip
"""For the page."""
FORMULAE: Final = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(A1:A9)", "=HYPERLINK(\"http://127.0.0.1:9\",\"x\")",
    "\t=1+1", "\r=1+1", "=IMPORTXML(\"http://127.0.0.1:9\",\"//a\")", "=DDE(\"cmd\";\"/C calc\";\"x\")",
)  # fmt: skip
"""For the spreadsheet."""
OTHER: Final = (
    "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "%27%20OR%201%3D1", "\u0000", "\u202e' OR 1=1",
    "\u2019 OR \u20191\u2019=\u20191", "${jndi:ldap://127.0.0.1:9/a}", "$(id)", "`id`", "| id", "& id", "; id",
    "\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie: a=b", "a" * 5000, "'" * 200, "\U0001f642" * 50, "\ufeff' OR 1=1",
    "\x1b[2J", "__proto__", "constructor", "__class__", "self.__init__.__globals__",
)  # fmt: skip
"""For whatever else listens."""


def corpus() -> list[str]:
    """All of them, those for the store also within what a query might put around a value."""
    around = ("{}", "R-100001{}", "{} --", "({})")
    found = [form.replace("{}", text) for text in SQL for form in around]
    return list(dict.fromkeys([*found, *MARKUP, *FORMULAE, *OTHER]))
