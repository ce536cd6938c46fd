-- What the topology of systems and interfaces is drawn from: calls with their kind, and events by where they came from.

-- As before, with the kind of the span: of one delivery a producer, a hub and a caller may each tell.
CREATE OR REPLACE VIEW v_call_records ${ON_CLUSTER} AS
SELECT trace_id, span_id, origin, position, service, interface, kind, status, start, duration_ns
FROM spans WHERE interface != '' AND kind IN ('client', 'producer', 'internal');

-- Every event in every case it was folded into, by the time of the event: the newest version of a (process, case_id,
-- event_id) holds, unless it is withdrawn.
CREATE VIEW v_case_event_records ${ON_CLUSTER} AS
SELECT process, case_id, event_id, version, withdrawn, time, activity, source FROM case_events;
