"""The configuration of the kit's other components, by their own checkers where this machine has them."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from streams import topics
from tests.deploy.kit import ROOT, load_kit

DEPLOY = ROOT / "deploy"
KIT = load_kit()

# The kafka exporter's settings as README and config.go of 0.155.0 name them, but those of logs, metrics and profiles.
EXPORTER = {
    "": {"brokers", "protocol_version", "resolve_canonical_bootstrap_servers_only", "client_id", "conn_idle_timeout",
         "traces", "topic_from_attribute", "include_metadata_keys", "record_headers", "partition_traces_by_id",
         "record_partitioner", "tls", "auth", "metadata", "timeout", "retry_on_failure", "sending_queue", "producer"},
    "traces": {"topic", "encoding", "topic_from_metadata_key", "message_key_from_metadata_key"},
    "producer": {"max_message_bytes", "max_broker_write_bytes", "required_acks", "compression", "compression_params",
                 "flush_max_messages", "allow_auto_topic_creation", "linger"},
    "retry_on_failure": {"enabled", "initial_interval", "randomization_factor", "multiplier", "max_interval",
                         "max_elapsed_time"},
}  # fmt: skip


def checked(program: str, *arguments: str) -> None:
    """Run a component's own checker; skips where it is not installed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: Debian's packages prometheus and prometheus-alertmanager bring it")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


def test_prometheus_takes_its_configuration_with_the_rules(tmp_path: Path) -> None:
    text = (DEPLOY / "prometheus/prometheus.yml").read_text()
    assert "/etc/prometheus/rules/*.yml" in text
    file = tmp_path / "prometheus.yml"
    file.write_text(text.replace("/etc/prometheus/rules", str(DEPLOY / "prometheus/rules")))
    checked("promtool", "check", "config", str(file))


def test_alertmanager_takes_its_configuration() -> None:
    checked("amtool", "check-config", str(DEPLOY / "alertmanager/alertmanager.yml"))


def test_prometheus_asks_every_program_that_shows_metrics() -> None:
    jobs = {job["job_name"]: job for job in read("prometheus/prometheus.yml")["scrape_configs"]}
    (lookup,) = jobs["flowglass"]["dns_sd_configs"]
    shown = {name for name, one in KIT.programs.items() if one.healthcheck and "9100" in " ".join(one.healthcheck.test)}
    assert set(lookup["names"]) == shown
    hosts = [target.partition(":")[0] for job in jobs.values() for static in job.get("static_configs", ())
             for target in static["targets"]]  # fmt: skip
    assert set(hosts) - {"localhost"} <= set(KIT.services)


def test_the_collector_sends_spans_as_the_worker_reads_them() -> None:
    collector = read("collector/config.yaml")
    exporter = collector["exporters"]["kafka"]
    assert exporter["traces"] == {"topic": topics.SPANS, "encoding": "otlp_proto"}
    assert exporter["partition_traces_by_id"] is True
    assert exporter["producer"]["max_message_bytes"] <= int(topics.LARGE["max.message.bytes"])
    assert exporter["producer"]["allow_auto_topic_creation"] is False
    for part, known in EXPORTER.items():
        assert set(exporter[part] if part else exporter) <= known, part


def test_the_collectors_pipeline_names_only_what_is_configured() -> None:
    collector = read("collector/config.yaml")
    (pipeline,) = collector["service"]["pipelines"].values()
    for kind in ("receivers", "processors", "exporters"):
        assert set(pipeline[kind]) == set(collector[kind])
    assert pipeline["processors"][0] == "memory_limiter"
    assert set(collector["service"]["extensions"]) == set(collector["extensions"])


def test_the_stores_users_have_grants_and_no_password_of_their_own() -> None:
    users = etree.parse(DEPLOY / "clickhouse/users.xml").find("users")
    assert users is not None
    names = {user.tag: user for user in users.iterchildren(etree.Element)}
    assert names.pop("default").get("remove") == "remove"
    assert {name: [query.text for query in user.iterfind("grants/query")] for name, user in names.items()} == {
        "flowglass_owner": ["GRANT ALL ON flowglass.*"],
        "flowglass_writer": ["GRANT SELECT, INSERT ON flowglass.*"],
        "flowglass_reader": ["GRANT SELECT ON flowglass.*"],
    }
    ways = {child.tag for user in names.values() for child in user.iterchildren(etree.Element)}
    assert ways == {"profile", "quota", "networks", "grants"}


def test_the_reader_writes_nothing_whatever_it_is_granted() -> None:
    root = etree.parse(DEPLOY / "clickhouse/users.xml").getroot()
    assert root.findtext("users/flowglass_reader/profile") == "flowglass_reader"
    assert root.findtext("profiles/flowglass_reader/readonly") == "2"


def test_the_server_keeps_no_log_on_disk_and_speaks_http_alone() -> None:
    server = etree.parse(DEPLOY / "clickhouse/server.xml").getroot()
    removed = {element.tag for element in server.iter() if isinstance(element.tag, str) and element.get("remove")}
    assert {"log", "errorlog", "mysql_port", "postgresql_port"} <= removed


def test_every_file_of_the_packages_goes_into_the_image() -> None:
    (patterns,) = re.findall(r'^"\*" = \[(.*)\]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    packed = {pattern.lstrip("*") for pattern in re.findall(r'"([^"]+)"', patterns)} | {".py"}
    files = [
        path for name in ("metrics", "streams", "dashboards") for path in (ROOT / name).rglob("*") if path.is_file()
    ]
    assert {path.suffix for path in files if "__pycache__" not in path.parts} <= packed


def test_the_image_is_built_from_the_locked_packages_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert len(bases) == 1
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    last_stage = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER 10001:10001" in last_stage
    assert not [line for line in last_stage if "pip install" in line or "apt-get" in line]
