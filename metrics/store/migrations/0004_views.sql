-- The public read contract. Every reader (dashboards, command line, Grafana) uses v_* only.

CREATE VIEW v_cases ${ON_CLUSTER} AS
SELECT * EXCEPT (checkpoint, version, shard) FROM cases FINAL;

CREATE VIEW v_case_events ${ON_CLUSTER} AS
SELECT * EXCEPT (version, withdrawn) FROM case_events FINAL WHERE withdrawn = 0;

-- One row an event: the first by source position; further positions are duplicates.
CREATE VIEW v_events ${ON_CLUSTER} AS
SELECT * FROM events FINAL ORDER BY event_id, origin, position LIMIT 1 BY event_id;

-- Every record received, duplicates included: what a feed or a file brought, whatever else brought it too.
CREATE VIEW v_event_records ${ON_CLUSTER} AS
SELECT * FROM events FINAL;

CREATE VIEW v_duplicates ${ON_CLUSTER} AS
SELECT event_id, count() - 1 AS duplicates FROM events FINAL GROUP BY event_id HAVING duplicates > 0;

CREATE VIEW v_milestones ${ON_CLUSTER} AS
SELECT process, case_id, facility, department, simulated, name AS milestone, first, last, count
FROM cases FINAL
ARRAY JOIN `milestone.name` AS name, `milestone.first` AS first, `milestone.last` AS last, `milestone.count` AS count;

CREATE VIEW v_clocks ${ON_CLUSTER} AS
SELECT process, case_id, facility, department, owner, amount, currency, state, cases.status AS case_status, simulated,
       sla, clock_status AS status, clock_started AS started, stopped, at_risk_at, deadline, gross_us, net_us, target_us, pauses
FROM cases FINAL
ARRAY JOIN `clock.name` AS sla, `clock.status` AS clock_status, `clock.started` AS clock_started, `clock.stopped` AS stopped,
           `clock.at_risk_at` AS at_risk_at, `clock.deadline` AS deadline, `clock.gross_us` AS gross_us,
           `clock.net_us` AS net_us, `clock.target_us` AS target_us, `clock.pauses` AS pauses;

-- Which object belongs to which case, and the event that proves it.
CREATE VIEW v_links ${ON_CLUSTER} AS
SELECT object_type, object_id, process, case_id, via_type, via_id, event_id
FROM objects FINAL
ARRAY JOIN `link.process` AS process, `link.case_id` AS case_id, `link.via_type` AS via_type,
           `link.via_id` AS via_id, `link.event_id` AS event_id, `link.kept` AS kept
WHERE kept AND (process, case_id) IN (SELECT process, case_id FROM cases);

CREATE VIEW v_objects ${ON_CLUSTER} AS
SELECT * EXCEPT (version, shard) FROM objects FINAL;

CREATE VIEW v_unlinked ${ON_CLUSTER} AS
SELECT * FROM v_events WHERE event_id NOT IN (SELECT event_id FROM case_events FINAL WHERE withdrawn = 0);

CREATE VIEW v_spans ${ON_CLUSTER} AS
SELECT * FROM spans FINAL ORDER BY trace_id, span_id, origin, position LIMIT 1 BY trace_id, span_id;

CREATE VIEW v_span_records ${ON_CLUSTER} AS
SELECT * FROM spans FINAL;

CREATE VIEW v_span_refs ${ON_CLUSTER} AS
SELECT * FROM span_refs FINAL;

-- Traces joined to cases by what the trace or the event itself carries; `proof` is an event id or a span id.
CREATE VIEW v_trace_cases_direct ${ON_CLUSTER} AS
SELECT trace_id, process, case_id, trace_source AS carrier, event_id AS proof
FROM case_events FINAL WHERE withdrawn = 0 AND trace_id != ''
UNION ALL
SELECT r.trace_id, l.process, l.case_id, r.carrier, r.span_id AS proof
FROM span_refs AS r FINAL INNER JOIN v_links AS l ON l.object_type = r.object_type AND l.object_id = r.object_id
WHERE r.carrier IN ('attribute', 'baggage')
UNION ALL
SELECT trace_id, process, case_id, 'derived' AS carrier, case_id AS proof
FROM (SELECT process, case_id,
             lower(hex(substring(SHA256(concat('default|', process, '|', case_id)), 1, 16))) AS trace_id
      FROM cases FINAL)
WHERE trace_id IN (SELECT trace_id FROM spans);

-- ... and by span links, one step: the linking trace takes part in what the linked trace does.
CREATE VIEW v_trace_cases ${ON_CLUSTER} AS
SELECT trace_id, process, case_id, carrier, proof FROM v_trace_cases_direct
UNION ALL
SELECT r.trace_id, d.process, d.case_id, 'span_link' AS carrier, r.span_id AS proof
FROM span_refs AS r FINAL INNER JOIN v_trace_cases_direct AS d ON d.trace_id = r.object_id
WHERE r.carrier = 'span_link' AND r.object_type = 'trace';

CREATE VIEW v_dead_letters ${ON_CLUSTER} AS SELECT * FROM dead_letters FINAL;
CREATE VIEW v_markers ${ON_CLUSTER} AS SELECT * FROM markers FINAL;
CREATE VIEW v_feeds ${ON_CLUSTER} AS SELECT * EXCEPT version FROM feeds FINAL;
CREATE VIEW v_checkpoints ${ON_CLUSTER} AS SELECT * EXCEPT version FROM checkpoints FINAL;
CREATE VIEW v_definitions ${ON_CLUSTER} AS SELECT * FROM definitions FINAL;
CREATE VIEW v_late_events ${ON_CLUSTER} AS SELECT * FROM late_events FINAL;
CREATE VIEW v_restatements ${ON_CLUSTER} AS SELECT * FROM restatements FINAL;
CREATE VIEW v_transitions ${ON_CLUSTER} AS SELECT * EXCEPT version FROM transitions FINAL;
CREATE VIEW v_incarnations ${ON_CLUSTER} AS SELECT * FROM incarnations FINAL;
