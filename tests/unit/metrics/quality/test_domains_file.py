"""`domains.yaml`: what is read, and how mistakes are explained."""

from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from metrics.contracts.model import load_contracts
from metrics.definitions.command import validate
from metrics.definitions.json_schema import SCHEMAS, schema_text
from metrics.definitions.mistakes import DefinitionsError
from metrics.quality.load import SHIPPED, domains_file, load_domains
from tests.unit.metrics.quality.telling import DOMAINS, WRITTEN

ROOT = Path(__file__).resolve().parents[4]


def mistakes(folder: Path, text: str) -> list[str]:
    (folder / "domains.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionsError) as caught:
        load_domains(folder)
    return [str(one) for one in caught.value.mistakes]


def test_the_shipped_file_has_the_four_domains_and_fits_the_contracts() -> None:
    domains = load_domains().domains
    assert list(domains.titles) == ["workforce", "supplier", "financial", "approval"]
    contracts = load_contracts()
    assert {name: one.domain for name, one in domains.objects.items()} == {
        name: contracts.domain_of_object[name] for name in domains.objects
    }


def test_a_file_beside_the_definitions_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert load_domains(tmp_path).file == SHIPPED
    (tmp_path / "domains.yaml").write_text(yaml.safe_dump(WRITTEN, sort_keys=False), encoding="utf-8")
    assert load_domains(tmp_path).domains == DOMAINS
    assert domains_file(tmp_path / "requisition_to_pay.yaml") is None


def test_mistakes_name_line_and_the_nearest_word(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    line = next(n for n, said in enumerate(text.splitlines(), 1) if "record: [workday" in said)
    (first, second) = mistakes(tmp_path, text.replace("record: [workday", "record: [workdy"))
    assert first.startswith(f"domains.yaml:{line}: domains.workforce.objects.worker.groups.employment.record[0]")
    assert "unknown system 'workdy'; did you mean 'workday'?" in first
    assert "employment_end" in second


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("worker.hired.v1,", "worker.hird.v1,", "did you mean 'worker.hired.v1'?"),
        ("{within: 1d, seen: [supplier", "{within: soon, seen: [supplier", "cannot read the duration 'soon'"),
        ("fields: [tax_id]", "fields: [tax_nr]", "unknown attribute 'tax_nr'"),
        ("    owner: HR operations\n", "", "'owner' is missing"),
        ("similar: name", "similar: sound", "'sound' must be"),
        ("known_by: [cost_center.created.v1", "known_by: [worker.changed.v1", "is not about a cost_center"),
        ("sources: [/coupa]", "sources: [/workday]", "'/workday' is already a source of 'workday'"),
        ("      approval_chain:\n", "      aproval_chain:\n", "unknown object type 'aproval_chain'"),
        ("    title: Approval\n", "    title: Approval\n    head: x\n", "unknown word 'head'"),
    ],
    ids=["event", "duration", "attribute", "missing", "choice", "reference", "source", "object", "word"],
)
def test_each_kind_of_mistake_is_explained(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    assert any(said in one for one in mistakes(tmp_path, text.replace(old, new, 1)))


def test_an_object_type_has_one_domain_and_a_field_one_system_of_record(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    twice = text.replace("      approval_chain:\n", "      supplier:\n")
    assert any("'supplier' already belongs to the domain 'supplier'" in one for one in mistakes(tmp_path, twice))
    line = "            changes: [worker.terminated.v1]\n"
    both = text.replace(line, "            fields: [department]\n" + line)
    found = mistakes(tmp_path, both)
    assert any("'department' already has its system of record in 'employment'" in one for one in found)


def test_a_system_is_known_by_the_longest_beginning_of_the_source() -> None:
    domains = load_domains().domains
    assert domains.system_of("/oracle/fusion/erp/prod") == "fusion_erp"
    assert domains.system_of("/ukg-wfm/x") == "ukg"
    assert domains.system_of("/workdayish/x") == "/workdayish/x"


def test_queries_let_a_prefix_end_where_a_word_ends_as_the_worker_does() -> None:
    begins = "startsWith(source, p)"
    whole = f"{begins} AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1))"
    found = {file.name: file.read_text() for file in (ROOT / "metrics" / "queries").rglob("*.sql")}
    assert sum(begins in text for text in found.values()) >= 6
    assert [name for name, text in found.items() if text.count(begins) != text.count(whole)] == []
    assert [load_domains().domains.system_of(source) for source in ("/coupa", "/coupa-test", "/coupanion")] == [
        "coupa", "coupa", "/coupanion",
    ]  # fmt: skip


def test_validate_checks_the_file_of_domains_too(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(validate)
    run = CliRunner()
    assert "4 domains" in run.invoke(app, []).stdout
    file = tmp_path / "domains.yaml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace("[workday,", "[workdy,"), encoding="utf-8")
    done = run.invoke(app, [str(tmp_path)])
    assert done.exit_code == 1
    assert "did you mean 'workday'?" in done.stdout
    file.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert run.invoke(app, [str(tmp_path)]).exit_code == 0


def test_the_published_schema_is_in_step() -> None:
    assert "domains.schema.json" in SCHEMAS
    published = (ROOT / "docs" / "schema" / "domains.schema.json").read_text(encoding="utf-8")
    assert published == schema_text("domains.schema.json")


def test_the_example_in_the_docs_is_right(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "data-quality.md").read_text(encoding="utf-8")
    (tmp_path / "domains.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert set(load_domains(tmp_path).domains.objects) == {"worker", "cost_center"}
