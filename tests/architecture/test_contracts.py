"""The architecture is what the contracts say, and names that leave the process are documented."""

import subprocess
import sys
from pathlib import Path

from metrics.settings_reference import reference_markdown
from metrics.store.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGER_FOR_A_REASON = {
    "metrics/queries/rows.py": "one plain struct for each query, nothing else",
}


def test_imports_keep_to_the_contracts() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_source_file_outgrows_the_house_style() -> None:
    sources = [path for package in ("streams", "metrics", "dashboards") for path in (ROOT / package).rglob("*.py")]
    long = {
        str(path.relative_to(ROOT)): n for path in sources if (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert set(long) <= set(LONGER_FOR_A_REASON)


def test_the_configuration_reference_is_in_step_with_the_settings() -> None:
    assert reference_markdown() in (ROOT / "docs" / "configuration.md").read_text()


def test_every_table_is_created_by_a_migration() -> None:
    migrations = "\n".join(path.read_text() for path in sorted((ROOT / "metrics/store/migrations").glob("*.sql")))
    assert [table for table in TABLES if f"CREATE TABLE {table} " not in migrations] == []


def test_the_repository_names_no_machine_and_no_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    words = ["/" + "work/", "find-" + "links", "extra-" + "index-url", "pypi" + ".org"]
    found = []
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".lock", ".sql", ".sh", ""} and path.is_file():
            text = path.read_text(errors="replace")
            found += [f"{name}: {word}" for word in words if word in text]
    assert found == []
