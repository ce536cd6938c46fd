"""XES: nesting, zones, life cycles, broken and hostile files."""

from pathlib import Path

import pytest

from metrics.texts.times import instant
from metrics.words import ObjectRef
from streams.codecs import reasons
from streams.intake.options import IntakeError, LogOptions
from tests.unit.streams.intake.logs import cases, read

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org">
  <global scope="event"><string key="concept:name" value="default"/></global>
  <trace>
    <string key="concept:name" value="0012"/>
    <string key="Vendor" value="A &amp; B"><int key="since" value="1948"/></string>
    <event>
      <string key="concept:name" value="Create"/>
      <string key="lifecycle:transition" value="start"/>
      <date key="time:timestamp" value="2018-01-04T11:35:00.000+01:00"/>
      <float key="worth" value="34.33634285099345"/>
      <float key="more" value="34.336342850993450001"/>
      <boolean key="late" value="true"/>
      <list key="who"><values><string key="name" value="ann"/></values></list>
    </event>
    <event>
      <string key="concept:name" value="Create"/>
      <string key="lifecycle:transition" value="complete"/>
      <string key="org:resource" value="user_1"/>
      <date key="time:timestamp" value="2018-01-04T12:35:00"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="NA"/>
    <event><date key="time:timestamp" value="2018-01-05"/></event>
    <event><string key="concept:name" value="Pay"/></event>
    <event><string key="concept:name" value="Pay"/><date key="time:timestamp" value="later"/></event>
    <event><string key="concept:name" value="Pay"/><date key="time:timestamp" value="2018-01-05T00:00:00Z"/></event>
  </trace>
  <trace><event><string key="concept:name" value="x"/><date key="time:timestamp" value="2018-01-05"/></event></trace>
</log>
"""


def test_events_come_in_file_order_with_the_attributes_of_trace_and_event(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.xes", LOG)
    assert cases(events) == ["0012", "0012", "NA"]
    assert [event.sequence for event in events] == [0, 1, 5]
    assert [event.time for event in events][:2] == [instant("2018-01-04T10:35:00Z"), instant("2018-01-04T12:35:00Z")]
    assert events[0].attributes == {
        "activity": "Create",
        "lifecycle:transition": "start",
        "worth": 34.33634285099345,
        "more": "34.336342850993450001",
        "late": True,
        "who.name": "ann",
        "case:Vendor": "A & B",
        "case:Vendor.since": 1948,
    }


def test_start_and_complete_are_two_events_and_both_are_kept(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.xes.gz", LOG)
    assert [event.attributes["lifecycle:transition"] for event in events[:2]] == ["start", "complete"]
    assert events[1].actor == "user_1"


def test_events_without_name_time_or_case_are_dead_letters(tmp_path: Path) -> None:
    _, dead = read(tmp_path, "log.xes", LOG)
    assert [(letter.position, letter.reason) for letter in dead] == [
        (2, reasons.NO_ACTIVITY),
        (3, reasons.BAD_TIME),
        (4, reasons.BAD_TIME),
        (6, reasons.NO_CASE),
    ]


def test_named_attributes_are_used_and_unknown_ones_are_an_error(tmp_path: Path) -> None:
    options = LogOptions(case="Vendor", activity="lifecycle:transition", objects=("concept:name=item",), case_type="s")
    events, _ = read(tmp_path, "log.xes", LOG, options)
    assert (events[0].activity, events[0].objects) == (
        "start",
        (ObjectRef("s", "A & B", "case"), ObjectRef("item", "Create", "item")),
    )
    with pytest.raises(IntakeError, match=r"no attribute 'vendor'. Did you mean 'Vendor'"):
        read(tmp_path, "log.xes", LOG, LogOptions(case="vendor"))


def test_naive_times_take_the_declared_zone(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.xes", LOG, LogOptions(zone="Asia/Tokyo"))
    assert events[1].time == instant("2018-01-04T03:35:00Z")


def test_a_file_that_breaks_off_gives_what_came_before_and_a_dead_letter(tmp_path: Path) -> None:
    events, dead = read(tmp_path, "log.xes", LOG[: LOG.index("</trace>") + 30])
    assert (len(events), dead[-1].reason) == (2, reasons.BROKEN_FILE)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/log.dtd">',
    ],
)
def test_a_document_type_is_refused(tmp_path: Path, doctype: str) -> None:
    hostile = LOG.replace("<log", f"{doctype}<log", 1).replace("default", "&b;" if "ENTITY b" in doctype else "x")
    with pytest.raises(IntakeError, match="document type"):
        read(tmp_path, "log.xes", hostile)


def test_an_entity_bomb_neither_expands_nor_reads_files(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE log [<!ENTITY e0 "x">{entities}]><log a="&e11;"><trace/></log>'
    events, dead = read(tmp_path, "bomb.xes", bomb)
    assert (events, [letter.reason for letter in dead]) == ([], [reasons.BROKEN_FILE])


def test_xml_that_is_no_xes_log_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no XES log"):
        read(tmp_path, "other.xml", "<html><body/></html>")


def test_a_case_of_many_events_is_one_case(tmp_path: Path) -> None:
    step = '<event><string key="concept:name" value="Go"/><date key="time:timestamp" value="2018-01-05"/></event>'
    log = f'<log><trace><string key="concept:name" value="c"/>{step * 990}</trace></log>'
    events, dead = read(tmp_path, "long.xes", log)
    assert (len(events), len({event.id for event in events}), set(cases(events)), dead) == (990, 990, {"c"}, [])
