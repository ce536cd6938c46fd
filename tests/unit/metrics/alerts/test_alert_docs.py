"""docs/alerts.md says what the code does."""

import re
from pathlib import Path

from metrics import metric_names
from metrics.alerts import schema
from metrics.alerts.condition import conditions
from metrics.alerts.reading import read_plan
from metrics.definitions.load import load
from metrics.words import SECOND

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "alerts.md").read_text()


def test_every_kind_is_told_with_its_defaults() -> None:
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `(\w+)` \|.*\|$", PAGE, re.MULTILINE)}
    for kind, condition in conditions().items():
        rule = condition.defaults
        cells = [cell.strip() for cell in rows[kind].split("|")]
        assert cells[3:6] == [rule.severity, f"{rule.hold // SECOND} s", f"{rule.keep // SECOND} s"], kind


def test_the_file_on_the_page_is_right_as_it_stands(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    file = tmp_path / "alerts.yaml"
    file.write_text(found[1])
    plan = read_plan(file, load().calendars)
    assert set(plan.receivers) == {"manager", "chat", "pager", "mail"}
    assert plan.conditions["deadman"].enabled


def test_every_receiver_and_every_metric_is_named() -> None:
    for kind in schema.ReceiverText.model_fields:
        assert f"| `{kind}` |" in PAGE
    for metric in metric_names.ALL:
        if metric.name.startswith("flowglass_alert"):
            assert f"`{metric.name}`" in PAGE, metric.name


def test_every_answer_is_named() -> None:
    sources = (Path(schema.__file__).parent / name for name in ("dedup.py", "stages.py", "decide.py"))
    text = "".join(path.read_text() for path in sources)
    codes = set(re.findall(r'(?:Held|Verdict)\((?:False, )?"(\w+)"', text)) | {"no_route", "queued"}
    assert len(codes) > 5
    assert [code for code in sorted(codes - {"nothing"}) if f"`{code}`" not in PAGE] == []
