"""What becomes of files in a watched folder, round by round."""

from pathlib import Path

import pytest

from streams.producer import ProduceFailed
from tests.unit.streams.folder.watched import DEPOT, Watched, manifest, orders, totalled


def test_a_file_without_a_manifest_is_taken_once_it_stays_as_it_is(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    assert watched.round()
    assert watched.states() == ["a.csv: waiting"]
    watched.round(later=59)
    watched.put("a.csv", orders(1, 2, 3))
    watched.round(later=2)
    watched.round(later=59)
    assert watched.broker.messages == []
    watched.round(later=2)
    assert watched.states() == ["a.csv: sent"]
    assert watched.entry("a.csv").events == 3


def test_a_file_goes_out_byte_for_byte_and_only_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    watched.settle()
    watched.settle()
    again = Watched(tmp_path, watched.store)
    again.settle()
    assert [body for _, body, *_ in watched.broker.messages] == [orders(1, 2)]
    assert again.broker.messages == []


def test_a_name_that_says_that_an_upload_goes_on_waits(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    part = watched.put("a.csv.part", orders(1))
    watched.settle()
    assert watched.states() == []
    part.rename(part.with_name("a.csv"))
    watched.settle()
    assert watched.states() == ["a.csv: sent"]


def test_with_a_manifest_a_file_is_taken_at_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    told = manifest(orders(1, 2), rows=2, totals={"amount": "3.00"}, business_date="2026-03-01")
    watched.put("a.csv.manifest.json", told)
    watched.round()
    entry = watched.entry("a.csv")
    assert (entry.state, entry.rows_declared, entry.totals_declared) == ("sent", 2, '{"amount":"3.00"}')
    assert (entry.business_date, entry.faulty, entry.reason) == ("2026-03-01", 0, "")


def test_an_empty_done_file_is_manifest_enough(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    watched.put("a.csv.done", b"")
    watched.round()
    assert watched.states() == ["a.csv: sent"]


def test_a_partial_upload_waits_for_the_bytes_that_its_manifest_tells_of(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    whole = orders(1, 2, 3)
    watched.put("a.csv.manifest.json", manifest(whole))
    watched.round()
    assert watched.entry("a.csv").reason == "its manifest is here, the file is not yet"
    watched.put("a.csv", whole[:20])
    watched.round(later=1_000)
    assert (watched.states(), watched.entry("a.csv").faulty) == (["a.csv: waiting"], 0)
    watched.put("a.csv", whole)
    watched.round()
    assert watched.states() == ["a.csv: sent"]


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"bytes": 3}])
def test_a_manifest_that_does_not_fit_is_an_exception_until_the_file_comes(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    told = watched.put("a.csv.manifest.json", manifest(orders(1), **wrong))
    watched.settle()
    entry = watched.entry("a.csv")
    assert (entry.state, entry.faulty, watched.broker.messages) == ("waiting", 1, [])
    assert "manifest" in entry.reason
    told.write_bytes(manifest(orders(1)))
    watched.round()
    assert watched.states() == ["a.csv: sent"]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"rows": 3}, "3 rows are declared, the file has 2"),
        ({"totals": {"amount": "3.01"}}, "3.01 is declared for amount, the rows have 3.00"),
        ({"totals": {"weight": "1"}}, "a total of 'weight'; the columns are amount, at, nr"),
    ],
)
def test_totals_that_are_not_those_of_the_rows_refuse_the_file(
    tmp_path: Path, told: dict[str, object], sentence: str
) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    watched.put("a.csv.manifest.json", manifest(orders(1, 2), **told))
    watched.round()
    entry = watched.entry("a.csv")
    assert (entry.state, entry.faulty, watched.broker.messages) == ("refused", 1, [])
    assert sentence in entry.reason


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (totalled(3, rows=4), "4 rows are declared, the file has 3"),
        (totalled(3, cents=451), "4.51 is declared for amount, the rows have 4.50"),
        (totalled(3).partition(b"T")[0], "no trailer"),
        (totalled(3) + b"D00000900001.50\n", "comes after the trailer"),
        (totalled(3).replace(b"D000001", b"X000001"), "line 3 begins like none of the layouts"),
        (totalled(250, rows=251), "251 rows are declared, the file has 250"),
        (b"\xff\xfe\xfd", "not utf-8"),
    ],
)
def test_a_flat_file_that_does_not_add_up_is_refused_before_anything_is_sent(
    tmp_path: Path, body: bytes, sentence: str
) -> None:
    watched = Watched(tmp_path)
    watched.put("a.dat", body, "totalled")
    watched.settle()
    entry = watched.entry("a.dat", "totalled")
    assert (entry.state, watched.broker.messages) == ("refused", [])
    assert sentence in entry.reason


def test_a_refused_file_is_judged_again_when_its_mapping_is_mended(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (watched.mappings / "depot.yaml").write_text(DEPOT.replace("id: nr", "id: nnr"))
    watched.put("a.csv", orders(1))
    watched.settle()
    assert watched.states() == ["a.csv: refused"]
    (watched.mappings / "depot.yaml").write_text(DEPOT + "# mended\n")
    watched.round()
    assert watched.states() == ["a.csv: sent"]


def test_rows_that_cannot_be_read_are_counted_and_the_others_sent(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2, 3).replace(b"2;2026-03-01", b"2;soon"))
    watched.settle()
    entry = watched.entry("a.csv")
    assert (entry.state, entry.rows, entry.rows_mapped, entry.rows_dead, entry.faulty) == ("sent", 3, 2, 1, 1)
    assert "line 3" in entry.reason


def test_a_broker_that_fails_is_sent_everything_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    watched.round()
    watched.broker.fails = ProduceFailed("away")
    with pytest.raises(ProduceFailed):
        watched.round(later=61)
    assert watched.entry("a.csv").state == "sending"
    watched.round()
    assert watched.entry("a.csv").state == "sent"
    assert watched.broker.messages[0] == watched.broker.messages[1]


def test_a_file_that_goes_away_while_it_is_sent_is_an_exception(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = watched.put("a.csv", orders(1))
    watched.round()
    watched.broker.fails = ProduceFailed("away")
    with pytest.raises(ProduceFailed):
        watched.round(later=61)
    path.unlink()
    watched.round()
    assert (watched.entry("a.csv").state, watched.entry("a.csv").faulty) == ("sending", 1)
    path.with_name("renamed.csv").write_bytes(orders(1))
    watched.settle()
    assert watched.entry("renamed.csv").state == "sent"


def test_a_file_that_leaves_before_it_was_complete_waits_no_more(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = watched.put("a.csv", orders(1))
    watched.round()
    path.unlink()
    watched.round()
    assert watched.states() == []


def test_a_directory_without_a_mapping_is_named(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1), "depott")
    watched.settle()
    entry = watched.entry("a.csv", "depott")
    assert (entry.state, entry.faulty) == ("waiting", 1)
    assert "there is no mapping 'depott'; did you mean 'depot'?" in entry.reason


def test_files_that_were_sent_are_moved_only_if_that_is_asked_for(tmp_path: Path) -> None:
    watched = Watched(tmp_path, archive=tmp_path / "done")
    watched.put("x/a.csv", orders(1))
    watched.put("x/a.csv.manifest.json", manifest(orders(1)))
    watched.put("bad.csv", b"nr;at;amount\n1;2\n")
    watched.settle()
    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*.*") if one.is_file()) == [
        "done/depot/x/a.csv", "done/depot/x/a.csv.manifest.json", "mappings/depot.yaml", "mappings/totalled.yaml",
        "watched/depot/bad.csv",
    ]  # fmt: skip
    watched.put("x/a.csv", orders(2))
    watched.settle()
    assert len([one for one in (tmp_path / "done/depot/x").iterdir() if one.name.startswith("a.csv.")]) == 2
    assert watched.states() == ["bad.csv: refused", "x/a.csv: sent", "x/a.csv: superseded"]


def test_what_was_sent_is_compared_with_what_is_stored(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    watched.settle()
    assert watched.entry("a.csv").check == ""
    watched.round(later=601)
    entry = watched.entry("a.csv")
    assert (entry.check, entry.faulty, entry.events_stored) == ("short", 1, 0)
    assert "0 of 2 events" in entry.reason
    watched.work()
    watched.round(later=601)
    entry = watched.entry("a.csv")
    assert (entry.check, entry.faulty, entry.events_stored, entry.reason) == ("equal", 0, 2, "")
    assert entry.amounts == entry.amounts_stored == '{"EUR":"3.00"}'


def test_money_that_is_stored_otherwise_is_a_fault(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    watched.settle()
    watched.work()
    watched.store.stored = dict.fromkeys(watched.store.stored, None)
    watched.round(later=601)
    assert watched.entry("a.csv").check == "short"
