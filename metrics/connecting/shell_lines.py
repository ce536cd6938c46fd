"""The commands that go on with a file, ready to be copied into a shell."""

import shlex

from metrics.connecting.columns import Column
from metrics.connecting.draft import Draft
from metrics.texts.time_formats import UnclearFormat, detect_format


def analyse_line(draft: Draft, file_name: str) -> str:
    """The `flowglass analyse` of an event log; '' for another table, or where a name could trick a shell."""
    case, activity, time, start = (draft.the(role) for role in ("case", "activity", "time", "start"))
    if not draft.is_log or case is None or activity is None or time is None:
        return ""
    parts = ["flowglass", "analyse", _file(file_name), "--case", case.name, "--activity", activity.name]
    parts += ["--time", time.name, *(("--start", start.name) if start else ())]
    for column in draft.all("object"):
        parts += ["--object", f"{column.name}={column.of}" if column.of else column.name]
    if draft.zone != "UTC":
        parts += ["--zone", draft.zone]
    if form := _declared(draft, time):
        parts += ["--time-format", form]
    return _joined(parts)


def mapping_lines(draft: Draft, file_name: str) -> list[str]:
    """Try the mapping on the file, and send the file to a running Flowglass."""
    yaml, file = f"{draft.name}.yaml", _file(file_name)
    return [_joined(["flowglass", "mapping", "try", yaml, file]), _joined(["flowglass", "send", draft.name, file])]


def _declared(draft: Draft, time: Column) -> str:
    """The format, where the log's reader would not find the same one by itself."""
    try:
        seen = detect_format(draft.values[time.place].all, time.name)
    except UnclearFormat:
        return time.form
    if time.form == seen or (seen == "iso" and time.form.startswith("%Y")) or "%" not in time.form:
        return "" if time.form == seen or seen == "iso" else time.form
    return time.form


def _file(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2] or "FILE"
    return f"./{bare}" if bare.startswith("-") else bare


def _joined(parts: list[str]) -> str:
    if any(sign < " " or "\x7f" <= sign <= "\x9f" for part in parts for sign in part):
        return ""
    return shlex.join(parts)
