"""Apache Kafka's jars, fetched once from Maven Central: `python -m tests.real.jars` fetches them ahead of the tests.

They stay in `FLOWGLASS_TEST_CACHE`, or in `flowglass/` of the user's cache folder (43 MB).
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
VERSION = POM.read_text().partition("kafka_2.13</artifactId>")[2].partition("<version>")[2].partition("<")[0]
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
FETCH_SECONDS = 600.0
OLDEST_JAVA = 17  # that Kafka 4 runs on


class KafkaUnavailable(Exception):
    """Kafka cannot be had on this machine; the message is one sentence that says why."""


def java() -> str:
    """The Java program. Raises KafkaUnavailable when there is none, or one that is too old for Kafka."""
    program = shutil.which("java")
    if program is None:
        raise KafkaUnavailable("Apache Kafka needs Java: install openjdk-17-jre-headless or later")
    shown = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = shown.partition('"')[2].partition(".")[0]
    if not version.isdigit() or int(version) < OLDEST_JAVA:
        raise KafkaUnavailable(f"Apache Kafka needs Java {OLDEST_JAVA} or later, and {program} is {version or shown!r}")
    return program


def jars(within: float = FETCH_SECONDS) -> Path:
    """The folder of the jars, filled on first use, in `within` seconds at most. Raises KafkaUnavailable."""
    cache = cache_folder()
    wanted = cache / f"kafka-{VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not wanted.exists():
            _fetch(wanted, within)
    return wanted


def cache_folder() -> Path:
    """Where what tests fetch or build stays."""
    if chosen := os.environ.get("FLOWGLASS_TEST_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flowglass"


def _fetch(wanted: Path, within: float) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("Apache Kafka's jars are fetched with Maven: install maven")
    partial = wanted.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    goal = [COPY, "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    command = [maven, "--batch-mode", "--quiet", "--file", str(POM), *goal]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=within)
    except subprocess.TimeoutExpired:
        raise KafkaUnavailable(f"Maven did not fetch Apache Kafka within {within:.0f} s") from None
    if done.returncode or not any(partial.glob("kafka_*.jar")):
        reason = done.stdout.partition("[ERROR]")[2].partition("\n")[0].strip() or f"exit code {done.returncode}"
        raise KafkaUnavailable(f"Maven could not fetch Apache Kafka {VERSION}: {reason}")
    partial.rename(wanted)


if __name__ == "__main__":
    try:
        print(jars())
    except KafkaUnavailable as error:
        sys.exit(str(error))
