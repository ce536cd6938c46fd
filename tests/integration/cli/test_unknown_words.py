"""`flowglass privacy words`, on what the guard has let into the store."""

import json
from collections.abc import Callable
from pathlib import Path
from time import time_ns

import pytest
from msgspec.structs import replace
from typer.testing import Result

from metrics.privacy.command import privacy
from metrics.privacy.guard import Guard
from metrics.privacy.keyring import KEYS_FILE, ensure_keyring, read_keyring
from metrics.privacy.policy import load_policy
from metrics.privacy.tokens import Tokens
from metrics.store.client import StoreClient
from metrics.words import HOUR
from tests.fakes.events import event
from tests.integration.cli.seeding import fold

pytestmark = pytest.mark.store
NOW = time_ns() // 1000


def test_unknown_words_are_listed_as_tokens_and_recognised_by_a_list(
    run: Callable[..., Result], store: StoreClient, tmp_path: Path
) -> None:
    ensure_keyring(tmp_path / KEYS_FILE)
    tokens = Tokens(read_keyring(tmp_path / KEYS_FILE))
    watch, at = Guard(load_policy(), tokens), NOW // 1_000_000
    said = [("Pain Clinic", ["nurse", "Quill"]), ("Pain Clinic", []), ("surgery", [])]
    events = [
        event("requisition.created.v1", at, ("requisition", f"R-{number}"), ("department", ward), id=f"e{number}",
              source="/coupa", department=ward, permission=others)  # type: ignore[arg-type]
        for number, (ward, others) in enumerate(said)
    ]  # fmt: skip
    fold(store, [replace(watch.protect(one), ingested=NOW - HOUR) for one in events], NOW)
    mine = tmp_path / "wards.txt"
    mine.write_text("Kitchen\nPain Clinic\n")
    done = run(privacy, "words", "--try", str(mine), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [(one["field"], one["token"], one["events"], one["sources"], one["word"]) for one in found] == [
        ("department", tokens.key("Pain Clinic"), 2, ["/coupa"], "Pain Clinic"),
        ("permission", tokens.key("Quill"), 1, ["/coupa"], ""),
    ]
    told = run(privacy, "words", "--try", str(mine)).stdout
    assert 'department: ["Pain Clinic"]' in told
    assert "Quill" not in told
