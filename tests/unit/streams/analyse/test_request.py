"""What cannot be is said, with exit code 2, before any program starts."""

from pathlib import Path

import pytest

from metrics.cli import main
from streams.analyse.command import spread
from streams.analyse.request import WrongRequest, make_request, parse_pair
from streams.intake.options import LogOptions

LOG = "case,activity,time\n1,requisition.created.v1,2026-01-05T08:00:00Z\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--case", "Cas"], "The columns are: 'case', 'activity', 'time'"),
        (["--pair", "a b"], "write it as 'A -> B'"),
        (["--process", "requisition_to_pai"], "requisition_to_pay"),
        (["--process", "requisition_to_pay", "--pair", "create -> paid"], "Did you mean 'created'?"),
        (["--zone", "Mars/Olympus"], "unknown zone"),
        (["--spans", "nothing.csv"], "nothing.csv"),
        (["nothing.csv"], "there is no file nothing.csv"),
    ],
)
def test_a_request_that_cannot_be_is_wrong_usage_and_says_what_to_do(
    log: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", str(log), *arguments]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_nothing_to_read_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse"]) == 2
    assert "name at least one log file" in capsys.readouterr().err


def test_one_spans_option_takes_all_files_up_to_the_next_option() -> None:
    assert spread(["a", "--spans", "b", "c", "--json", "d"]) == ["a", "--spans", "b", "--spans", "c", "--json", "d"]
    assert spread(["--spans", "b", "--spans", "c"]) == ["--spans", "b", "--spans", "c"]


@pytest.mark.parametrize("text", ["A b -> C", "A b->C", " A b  ->  C "])
def test_a_pair_is_two_names_around_an_arrow(text: str) -> None:
    assert parse_pair(text) == ("A b", "C")


def test_a_name_may_hold_an_arrow_without_blanks() -> None:
    assert parse_pair("S->M sent -> paid") == ("S->M sent", "paid")


@pytest.mark.parametrize("text", ["", "A", "A ->", "-> B", "A -> B -> C"])
def test_anything_else_is_no_pair(text: str) -> None:
    with pytest.raises(WrongRequest, match="--pair"):
        parse_pair(text)


def test_a_definition_brings_its_case_object_and_the_pairs_of_its_slas(log: Path) -> None:
    request = make_request([log], LogOptions(), process="requisition_to_pay", pairs=["created -> paid"])
    assert request.process == "requisition_to_pay"
    assert request.load.case_type == "requisition"
    assert ("submitted", "approved") in request.pairs
    assert request.pairs[-1] == ("created", "paid")


def test_a_pair_asked_for_twice_is_measured_once(log: Path) -> None:
    request = make_request([log], LogOptions(), pairs=["a -> b", "a->b", "b -> a"])
    assert request.pairs == (("a", "b"), ("b", "a"))
    assert request.process == request.load.case_type
    assert request.process.startswith("log.")


def test_a_process_file_is_what_the_worker_reads(log: Path, tmp_path: Path) -> None:
    from metrics.definitions.load import SHIPPED

    file = tmp_path / "mine.yaml"
    file.write_text((SHIPPED / "requisition_to_pay.yaml").read_text())
    assert make_request([log], LogOptions(), process=str(file)).definitions == file.resolve()
    assert make_request([log], LogOptions(), process="requisition_to_pay").definitions is None
