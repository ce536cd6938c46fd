"""`python -m tests.security [N …]`: tries what the numbers name (or all) and prints what was tried, and what leaked.

With FLOWGLASS_FULL=0 a sample is tried, which takes minutes less. `--write` puts the rows of the tests that ran into
docs/security.md and leaves the others; `--matrix` prints what each role sees, cell by cell, and tries nothing; `--json`
is for machines, `--no-browser` for those without Chromium.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from metrics.access.load import load_roles
from metrics.access.matrix import matrix
from metrics.access.matrix_command import page
from metrics.definitions.load import load

if __name__ == "__main__":
    os.environ.setdefault("FLOWGLASS_FULL", "1")

from tests.security.figures import FULL, PROPERTY, Figure
from tests.security.page import Row, placed, rows_of

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "security.md"
BROWSER: Final = "tests/browser/test_pages_in_browser.py"
TITLES: Final = {
    1: "Nobody unknown is shown anything",
    2: "Role × endpoint × field",
    3: "Scope in two layers",
    4: "No group of few people",
    5: "People and bank accounts are tokens",
    6: "Hostile texts",
    7: "Any JSON",
    8: "Forged requests, cookies",
    9: "Content security policy, headers",
    10: "Sign-on by an identity provider",
    11: "Stored scripts and formulae",
    12: "Rate limits, bounded questions",
    13: "Audit log",
    14: "Secrets",
    15: "Locked packages, bill of materials",
    16: "Alerts tell no person, webhooks go where allowed",
}
PROVEN: Final[dict[int, tuple[str, ...]]] = {
    1: ("tests/unit/dashboards/access/test_gate.py", "tests/unit/dashboards/access/test_callbacks_by_role.py"),
    2: (
        "tests/unit/dashboards/access/test_matrix.py", "tests/unit/dashboards/access/test_callbacks_by_role.py",
        "tests/unit/dashboards/access/test_person_reader.py", "tests/integration/access/test_whole_app.py",
        "tests/integration/api/test_scope_and_exports.py", "tests/unit/dashboards/access/test_followed_roles.py",
    ),
    3: ("tests/integration/access/test_reach.py", "tests/integration/api/test_scope_and_exports.py"),
    4: ("tests/integration/access/test_labour_cohorts.py", "tests/integration/access/test_masks.py"),
    5: ("tests/integration/privacy", "tests/properties/test_letters_tell_nothing.py"),
    6: ("tests/integration/access/test_whole_app.py",),
    7: ("tests/unit/dashboards/access/test_any_input.py", "tests/unit/dashboards/test_connect_page.py"),
    8: (
        "tests/unit/dashboards/access/test_gate.py", "tests/unit/dashboards/access/test_callbacks_by_role.py",
        "tests/unit/dashboards/access/test_sealed_cookie.py",
    ),
    9: ("tests/unit/dashboards/test_pages.py", BROWSER),
    10: ("tests/integration/access/test_sign_on_elsewhere.py", "tests/unit/dashboards/access/test_oidc_client.py"),
    11: ("tests/unit/dashboards/access/test_stored_texts.py", "tests/unit/metrics/exports/test_export_forms.py"),
    12: ("tests/unit/dashboards/access/test_limits.py", "tests/integration/access/test_bounds.py"),
    13: ("tests/unit/metrics/access/test_audit.py", "tests/unit/dashboards/access/test_audit_page.py",
         "tests/unit/dashboards/access/test_person_reader.py"),
    14: ("tests/deploy/test_secrets.py", "tests/deploy/test_compose.py", "tests/unit/metrics/privacy/test_keyring.py"),
    15: ("tests/deploy/test_sbom.py", "tests/deploy/test_components.py"),
    16: ("tests/contract/notifiers", "tests/unit/metrics/alerts/test_alert_decisions.py"),
}  # fmt: skip
"""Where each is proven."""


class Collector:
    """A plugin that keeps figures and outcomes by file."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.passed: dict[str, int] = defaultdict(int)
        self.failed: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = report.nodeid.split("::")[0]
        if report.failed:
            self.failed[file] += 1
        elif report.when == "call" and report.passed:
            self.passed[file] += 1
        if report.when == "call":
            self.figures += [Figure(*value) for name, value in report.user_properties if name == PROPERTY]

    def of(self, counts: dict[str, int], test: int) -> int:
        """How many tests of those that prove one of the numbered ones passed or failed."""
        return sum(count for file, count in counts.items() if file.startswith(PROVEN[test]))


def lines(found: Collector, tests: list[int]) -> list[Row]:
    """By number: what was tried, how often, and how often it did not hold."""
    told = []
    for test, title in ((test, TITLES[test]) for test in tests):
        passed, failed = found.of(found.passed, test), found.of(found.failed, test)
        told.append(Row(test, title, "tests that prove it", passed + failed, failed))
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for figure in found.figures:
            if figure.test == test:
                sums[figure.tried][0] += figure.times
                sums[figure.tried][1] += figure.leaks
        told += [Row(test, "", tried, times, leaks) for tried, (times, leaks) in sums.items()]
    return told


def main(arguments: list[str]) -> int:
    """Run, print, and say whether all held."""
    if "--matrix" in arguments:
        return print_matrix()
    tests = [int(one) for one in arguments if one.isdigit()] or list(PROVEN)
    files = list(dict.fromkeys(file for test in tests for file in PROVEN[test]))
    if "--no-browser" in arguments:
        files = [file for file in files if file != BROWSER]
    found = Collector()
    status = pytest.main(["-q", "-p", "no:cacheprovider", *(str(ROOT / file) for file in files)], plugins=[found])
    told = lines(found, tests)
    if "--json" in arguments:
        print(json.dumps([row._asdict() for row in told]))
    else:
        print("\n".join(rows_of(told)))
    if "--write" in arguments:
        PAGE.write_text(placed(PAGE.read_text(), told, "all" if FULL else "a sample"))
    return int(status)


def print_matrix() -> int:
    """What each role sees, as `flowglass access matrix --markdown` prints it of the shipped roles."""
    roles = load_roles()
    print("\n".join(page(tuple(roles), list(matrix(roles, tuple(one.process for one in load().definitions))))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
