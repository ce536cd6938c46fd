"""The kit's secrets, made once for the tests that look at them."""

import subprocess
from pathlib import Path

import pytest

from tests.deploy.kit import ROOT


def make_secrets(folder: Path) -> None:
    """Run the kit's script as if `folder` were the repository."""
    script = folder / "deploy" / "make-secrets.sh"
    script.parent.mkdir(exist_ok=True)
    script.write_text((ROOT / "deploy" / "make-secrets.sh").read_text())
    subprocess.run(["sh", str(script)], check=True, capture_output=True, timeout=20)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the script has run."""
    folder = tmp_path_factory.mktemp("kit")
    make_secrets(folder)
    return folder
