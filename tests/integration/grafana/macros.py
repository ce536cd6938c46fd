"""What Grafana puts in place of macros and variables before a query reaches its engine.

ClickHouse macros as the plugin's sources expand them (pkg/macros/macros.go, and `$__conditionalAll` before it in
src/data/CHDatasource.ts): whole seconds of the panel's period and interval. `singlequote` puts a value into quotes.
"""

import re
from collections.abc import Mapping

_CONDITIONAL = re.compile(r"\$__conditionalAll\(((?:[^()]|\([^()]*\))*), \$(\w+)\)")
_VARIABLE = re.compile(r"\$\{(\w+):singlequote\}")
LEFT_OVER = re.compile(r"\$\{?\w+")


def sql(text: str, since: int, until: int, step: int, chosen: Mapping[str, str]) -> str:
    """The SQL that ClickHouse gets. Times and `step` in seconds; a variable that is not `chosen` stands on All."""

    def conditional(match: re.Match[str]) -> str:
        return match[1] if match[2] in chosen else "1=1"

    def quoted(match: re.Match[str]) -> str:
        return "'" + chosen[match[1]].replace("'", "\\'") + "'"

    first, last = f"toDateTime({since})", f"toDateTime({until})"
    text = _VARIABLE.sub(quoted, _CONDITIONAL.sub(conditional, text))
    text = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 >= {first} AND \1 <= {last}", text)
    text = re.sub(r"\$__timeInterval\((\w+)\)", rf"toStartOfInterval(toDateTime(\1), INTERVAL {step} second)", text)
    return text.replace("$__fromTime", first).replace("$__toTime", last).replace("$__interval_s", str(step))


def promql(expression: str) -> str:
    """The PromQL that Prometheus gets: the scrape interval gives the rate's window, the panel its period."""
    return expression.replace("$__rate_interval", "1m").replace("$__range", "6h")


def fields_of(path: str) -> list[str]:
    """The columns that a link takes from its row."""
    return re.findall(r"\$\{__data\.fields\.(\w+)", path)
