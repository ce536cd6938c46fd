"""What a well-formed process file may still get wrong: words that mean nothing, clocks that cannot stop."""

from collections import Counter
from collections.abc import Iterator, Sequence

from metrics.definitions.calendars import Calendars
from metrics.definitions.checks_attributes import attribute_findings
from metrics.definitions.checks_begins import begin_findings
from metrics.definitions.checks_conformance import conformance_findings
from metrics.definitions.checks_correlation import correlation_findings, objects_of, reach_findings
from metrics.definitions.checks_escalation import escalation_findings
from metrics.definitions.checks_expects import expect_findings
from metrics.definitions.checks_guards import guard_findings
from metrics.definitions.checks_sla import sla_findings
from metrics.definitions.mistakes import Finding, Place, unknown
from metrics.definitions.schema import ProcessText
from metrics.vocabulary import Vocabulary

MAIN = "main"


def check(process: ProcessText, vocabulary: Vocabulary, calendars: Calendars) -> list[Finding]:
    """Every mistake in the meaning of a process, in no particular order."""
    findings: list[Finding] = []
    findings += correlation_findings(process, vocabulary)
    findings += reach_findings(process, vocabulary, objects_of(process))
    findings += begin_findings(process, vocabulary)
    for part in (_milestone_words, _names, _branches, _states, _ends, _attributes):
        findings += part(process)
    findings += sla_findings(process, calendars)
    findings += expect_findings(process, calendars)
    findings += escalation_findings(process, calendars)
    findings += conformance_findings(process, vocabulary)
    findings += guard_findings(process, vocabulary)
    findings += attribute_findings(process, vocabulary)
    return findings


def milestone_uses(process: ProcessText) -> Iterator[tuple[Place, str]]:
    """Every place outside the SLAs where a milestone's name is written."""
    for index, branch in enumerate(process.branches):
        yield from ((("branches", index, "leave"), name) for name in branch.leave)
    for index, state in enumerate(process.states):
        yield from ((("states", index, "enter"), name) for name in state.enter)
    for index, end in enumerate(process.ends):
        yield ("ends", index, "milestone"), end.milestone
    yield from ((("reopens",), name) for name in process.reopens)


def _milestone_words(process: ProcessText) -> Iterator[Finding]:
    for place, name in milestone_uses(process):
        if name not in process.milestones:
            yield Finding(place, unknown("milestone", name, process.milestones))


def _names(process: ProcessText) -> Iterator[Finding]:
    for part, kind, names in (
        ("branches", "branches", [branch.name for branch in process.branches]),
        ("states", "states", [state.name for state in process.states]),
        ("slas", "SLAs", [sla.name for sla in process.slas]),
        ("expects", "expectations", [one.name for one in process.expects]),
    ):
        for index in _repeated(names):
            yield Finding((part, index, "name"), f"two {kind} are called '{names[index]}'")
    ends = [end.milestone for end in process.ends]
    for index in _repeated(ends):
        yield Finding(("ends", index, "milestone"), f"milestone '{ends[index]}' ends the case twice")


def _repeated(names: Sequence[str]) -> Iterator[int]:
    """Positions of names that stood before."""
    return (index for index, name in enumerate(names) if name in names[:index])


def _branches(process: ProcessText) -> Iterator[Finding]:
    used = {state.branch for state in process.states}
    for index, branch in enumerate(process.branches):
        place: Place = ("branches", index, "name")
        if branch.name == MAIN:
            yield Finding(place, "the main line exists already and is left by an end: choose another name")
        elif branch.name not in used:
            yield Finding(place, f"no state belongs to branch '{branch.name}'")


def _states(process: ProcessText) -> Iterator[Finding]:
    lines = {MAIN, *(branch.name for branch in process.branches)}
    outcomes = {end.outcome for end in process.ends}
    leaves = {branch.name: set(branch.leave) for branch in process.branches}
    entered: dict[tuple[str, str], str] = {}
    if not any(state.branch == MAIN for state in process.states):
        yield Finding(("states",), "no state belongs to the main line")
    for index, state in enumerate(process.states):
        if state.branch not in lines:
            yield Finding(("states", index, "branch"), unknown("branch", state.branch, lines))
        if state.name in outcomes:
            message = f"'{state.name}' is also an outcome; a closed case shows its outcome as its state"
            yield Finding(("states", index, "name"), message)
        for name in state.enter:
            other = entered.setdefault((state.branch, name), state.name)
            if other != state.name:
                message = (
                    f"milestone '{name}' already enters '{other}' of the same line: a line is in one state at a time"
                )
                yield Finding(("states", index, "enter"), message)
            if name in leaves.get(state.branch, ()):
                yield Finding(
                    ("states", index, "enter"), f"milestone '{name}' enters and leaves branch '{state.branch}'"
                )


def _ends(process: ProcessText) -> Iterator[Finding]:
    ends = {end.milestone for end in process.ends}
    for name in process.reopens:
        if name in ends:
            yield Finding(("reopens",), f"milestone '{name}' cannot both end a case and open it again")


def _attributes(process: ProcessText) -> Iterator[Finding]:
    for name in process.latest:
        if name not in process.attributes:
            yield Finding(("latest",), unknown("case attribute", name, process.attributes))
    for name, count in Counter(process.sources).items():
        if count > 1:
            yield Finding(("sources",), f"source '{name}' has two ranks")
