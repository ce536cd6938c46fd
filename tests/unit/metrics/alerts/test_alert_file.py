"""The alerts file: what may be written, and what is said about mistakes."""

from pathlib import Path

import pytest

from metrics.alerts.condition import conditions
from metrics.alerts.matching import fits, parse_matchers
from metrics.alerts.notifiers.build import Secrets, build
from metrics.alerts.plan import Plan
from metrics.alerts.reading import SHIPPED, read_plan
from metrics.alerts.schema import SecretText
from metrics.alerts.words import LABELS
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.settings import SettingError
from metrics.words import HOUR, MINUTE, SECOND

WHOLE = """\
link: https://flowglass.example/
every: 2s
conditions:
  breach: {hold: 30s, severity: warning}
  feed_silent: {after: 1h, special: {nightly*: 26h}}
  deadman: {}
interfaces:
  - {interface: "hr*", owner: hr_it}
  - {interface: "*", owner: integration_team}
hosts:
  - {name: hooks.example}
  - {name: mail.example, port: 587, private: true}
receivers:
  hook: {webhook: {url: "https://hooks.example/x", secret: {env: HOOK}}}
  mail: {email: {host: mail.example, from: a@example.org, to: b@example.org}}
routes:
  - name: night
    match: {kind: [breach, stuck], owner: "hr*"}
    to: hook
    during: {calendar: business_hours}
    escalate: [{after: 30m, to: mail}]
    continue: true
  - {name: life, match: {kind: deadman}, to: [hook], repeat_interval: 1m}
inhibit:
  - {name: r, while: {kind: breach}, hold: {kind: at_risk}, equal: [process, cause]}
"""


def read(tmp_path: Path, text: str) -> Plan:
    path = tmp_path / "alerts.yaml"
    path.write_text(text)
    return read_plan(path, load().calendars)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(DefinitionsError) as raised:
        read(tmp_path, text)
    return [str(one) for one in raised.value.mistakes]


def test_the_shipped_file_tells_nobody_and_shows_everything() -> None:
    plan = read_plan(SHIPPED, load().calendars)
    assert (dict(plan.receivers), plan.hosts) == ({}, ())
    assert {kind for kind, rule in plan.conditions.items() if not rule.enabled} == {"deadman"}
    assert set(plan.conditions) == set(conditions())


def test_a_whole_file_comes_to_a_plan(tmp_path: Path) -> None:
    plan = read(tmp_path, WHOLE)
    assert (plan.link, plan.every) == ("https://flowglass.example", 2 * SECOND)
    breach = plan.conditions["breach"]
    assert (breach.hold, breach.severity, breach.keep) == (30 * SECOND, "warning", 60 * SECOND)
    assert plan.conditions["feed_silent"].special == {"nightly*": 26 * HOUR}
    assert plan.conditions["deadman"].enabled
    night, life = plan.routes
    assert (night.to, night.go_on, night.escalate[0].after) == (("hook",), True, 30 * MINUTE)
    assert night.during is not None
    assert life.repeat_interval == MINUTE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("breach: {hold", "breeach: {hold"), "conditions.breeach: unknown condition 'breeach'; did you mean 'breach'"),
        (("to: hook", "to: hok"), "unknown receiver 'hok'; did you mean 'hook'?"),
        (("[{after: 30m, to: mail}]", "[{after: 30m, to: male}]"), "unknown receiver 'male'; did you mean 'mail'?"),
        (("owner: \"hr*\"}", "ovner: \"hr*\"}"), "unknown label 'ovner'; did you mean 'owner'?"),
        (("kind: [breach, stuck]", "kind: [breach, stock]"), "unknown kind 'stock'; did you mean 'stuck'?"),
        (("business_hours", "busines_hours"), "unknown calendar 'busines_hours'; did you mean 'business_hours'?"),
        (("hold: 30s", "hold: 30"), "must be a duration such as 30s, 5m or 4h"),
        (("https://hooks.example/x", "https://other.example/x"), "other.example:443 is not among `hosts`"),
        (("https://hooks.example/x", "https://user:pw@hooks.example/x"), "is no address like https://host/path"),
        (("name: life", "name: night"), "the route 'night' is written twice"),
        (("continue: true", "contine: true"), "unknown word 'contine'; did you mean 'continue'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_nearest_word(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    assert change[0] in WHOLE
    found = mistakes(tmp_path, WHOLE.replace(*change))
    assert any(message in one for one in found), found


def test_a_receiver_is_exactly_one_notifier(tmp_path: Path) -> None:
    assert "is exactly one of alertmanager, webhook" in mistakes(tmp_path, "receivers: {a: {}}")[0]


def test_a_secret_is_never_in_the_file_and_never_in_an_error(tmp_path: Path) -> None:
    written = WHOLE.replace("secret: {env: HOOK}", "secret: my-own-secret-in-clear")
    found = mistakes(tmp_path, written)
    assert "must be a mapping" in found[0]
    plan = read(tmp_path, WHOLE)
    with pytest.raises(SettingError, match=r"receiver hook: there is no secret in \$HOOK"):
        build(plan, Secrets({}, tmp_path), lambda: 0)
    with pytest.raises(SettingError, match="fewer than 16 signs") as raised:
        build(plan, Secrets({"HOOK": "tooshort"}, tmp_path), lambda: 0)
    assert "tooshort" not in str(raised.value)


def test_a_receiver_without_its_secret_is_left_out_when_the_others_shall_go_on(tmp_path: Path) -> None:
    said: list[SettingError] = []
    assert set(build(read(tmp_path, WHOLE), Secrets({}, tmp_path), lambda: 0, said.append)) == {"mail"}
    assert len(said) == 1


def test_a_secret_comes_from_a_file_beside_the_alerts_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("  the-secret\nignored\n")
    assert Secrets({}, tmp_path).get(SecretText(file="key"), "hook") == "the-secret"
    with pytest.raises(SettingError, match="names either `env` or `file`"):
        Secrets({}, tmp_path).get(SecretText(), "hook")


def test_matchers_ask_for_every_label_and_one_of_its_values() -> None:
    labels = {"kind": "breach", "process": "supplier_onboarding", "owner": ""}
    assert fits({}, labels)
    assert fits({"kind": ["at_risk", "breach"], "process": ["supplier*"]}, labels)
    assert not fits({"kind": ["breach"], "process": ["hiring"]}, labels)
    assert not fits({"owner": ["?*"]}, labels)
    assert parse_matchers(["kind=a,b"], LABELS) == {"kind": ("a", "b")}
    for wrong in ("kind", "colour=red", "kind="):
        with pytest.raises(ValueError, match=wrong.partition("=")[0]):
            parse_matchers([wrong], LABELS)
