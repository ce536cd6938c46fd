"""The examples of docs/http-intake.md, run as they are written."""

import json
import re
import subprocess
from pathlib import Path

GUIDE = (Path(__file__).resolve().parents[3] / "docs/http-intake.md").read_text()
EXAMPLE = re.compile(r"```sh\n(.*?)```\n(?:\n```json\n(.*?)```)?", re.DOTALL)


def examples(heading: str) -> list[tuple[str, object]]:
    """The shell examples of a section, each with the answer that stands behind it."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [(code, json.loads(answer) if answer else None) for code, answer in EXAMPLE.findall(section)]


def run_examples(given: list[tuple[str, object]], folder: Path, url: str) -> None:
    start = f"URL={url}\n"
    for code, expected in given:
        code = code.replace("URL=http://127.0.0.1:8060\n", start)
        done = subprocess.run(
            ["bash", "-eu", "-c", start + code], cwd=folder, capture_output=True, text=True, check=True
        )
        if expected is None:
            start += code
        else:
            assert json.loads(done.stdout) == expected
