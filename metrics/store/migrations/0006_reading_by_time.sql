-- What pages ask by time or by case, without reading a whole table. A projection is a second order of the same rows,
-- kept by the engine part by part: it can neither add nor lose one, and a redelivered row stands in it as often as in
-- its table. Readers of a projection see rows before their replacement, so each query keeps one row a key.

ALTER TABLE spans ${ON_CLUSTER} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';
ALTER TABLE span_refs ${ON_CLUSTER} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';
ALTER TABLE case_events ${ON_CLUSTER} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE spans ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS calls_by_start
(
    SELECT trace_id, span_id, origin, position, service, interface, kind, status, start, duration_ns ORDER BY start
);

ALTER TABLE span_refs ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS refs_by_start
(
    SELECT trace_id, object_type, object_id, carrier, start ORDER BY start
);

ALTER TABLE case_events ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS traces_by_time
(
    SELECT process, case_id, event_id, version, withdrawn, time, activity, trace_id ORDER BY time
);

-- Which objects a case has is asked from the side of the case.
ALTER TABLE objects ${ON_CLUSTER} ADD INDEX IF NOT EXISTS by_case `link.case_id` TYPE bloom_filter(0.01) GRANULARITY 1;

-- Every record of a call between systems, redelivered and doubled ones included: the first by (origin, position) of a
-- (trace_id, span_id) is the call.
CREATE VIEW v_call_records ${ON_CLUSTER} AS
SELECT trace_id, span_id, origin, position, service, interface, status, start, duration_ns
FROM spans WHERE interface != '' AND kind IN ('client', 'producer', 'internal');

-- Which traces name which objects, by the time of the span; a redelivered row stands twice.
CREATE VIEW v_trace_objects ${ON_CLUSTER} AS
SELECT trace_id, object_type, object_id, start
FROM span_refs WHERE carrier IN ('attribute', 'baggage');

-- Which events brought which traces into which cases, by the time of the event: the newest version of a
-- (process, case_id, event_id) holds, unless it is withdrawn.
CREATE VIEW v_case_trace_records ${ON_CLUSTER} AS
SELECT process, case_id, event_id, version, withdrawn, time, activity, trace_id
FROM case_events WHERE trace_id != '';

-- The first by source position of each key, now without FINAL: what FINAL would drop (the same row delivered again) is
-- dropped by LIMIT 1 BY as well, and without it the engine reads only the columns of the rows that are asked for.
CREATE OR REPLACE VIEW v_events ${ON_CLUSTER} AS
SELECT * FROM events ORDER BY event_id, origin, position LIMIT 1 BY event_id;

CREATE OR REPLACE VIEW v_spans ${ON_CLUSTER} AS
SELECT * FROM spans ORDER BY trace_id, span_id, origin, position LIMIT 1 BY trace_id, span_id;
