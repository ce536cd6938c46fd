-- Open cases of a process that a failed call between systems holds up in their present state: the last call of an interface in
-- a trace of theirs failed, or took longer than 60 s (as `slow_call` of alerts), after they came to where they wait. Calls since `since`
-- (microseconds). Of several interfaces the one that failed last holds a case. The longest held come first.
-- A trace belongs to a case when it brought one of its events or names one of its objects. Failures, and then the cases that they
-- touch, are values: each is asked once, and little is left to look for (of 2,000 traces with a bad call 90 end with one).
-- An event that a call brought is looked for from a day before `since` on, as `stage_interfaces` does.
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     (
         SELECT groupArray((trace_id, interface, last.2)) FROM (
             SELECT trace_id, toString(interface) AS interface, argMax((is_bad, ended_us), (start, span_id)) AS last
             FROM (
                 SELECT trace_id, span_id, interface, start, status = 'error' OR duration_ns > 60000000000 AS is_bad,
                        intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000) AS ended_us
                 FROM v_call_records
                 WHERE start > since AND trace_id IN (
                     SELECT trace_id FROM v_call_records WHERE start > since AND (status = 'error' OR duration_ns > 60000000000))
                 ORDER BY origin, position LIMIT 1 BY trace_id, span_id
             )
             GROUP BY trace_id, interface
         )
         WHERE last.1
     ) AS failed,
     (
         SELECT groupUniqArray((trace_id, case_id)) FROM (
             SELECT trace_id, case_id
             FROM (
                 SELECT trace_id, case_id, event_id, version, withdrawn FROM v_case_trace_records
                 WHERE process = {process:String} AND time > since - INTERVAL 1 DAY AND trace_id IN (SELECT arrayJoin(failed).1)
                 ORDER BY version DESC LIMIT 1 BY case_id, event_id
             )
             WHERE withdrawn = 0
             UNION ALL
             SELECT r.trace_id AS trace_id, k.case_id AS case_id
             FROM v_trace_objects AS r
             INNER JOIN (
                 SELECT object_type, object_id, link_case AS case_id
                 FROM v_objects
                 ARRAY JOIN link.process AS link_process, link.case_id AS link_case, link.kept AS link_kept
                 WHERE link_kept = 1 AND link_process = {process:String} AND (object_type, object_id) IN (
                     SELECT object_type, object_id FROM v_trace_objects
                     WHERE trace_id IN (SELECT arrayJoin(failed).1) AND start > since - INTERVAL 1 HOUR)
             ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
             WHERE r.trace_id IN (SELECT arrayJoin(failed).1) AND r.start > since - INTERVAL 1 HOUR
         )
     ) AS links
SELECT c.case_id AS case_id, argMax(f.failure.2, (f.failure.3, f.failure.2)) AS interface, max(f.failure.3) AS failed_us,
       toString(any(c.owner)) AS owner, any(c.sla) AS sla, toUnixTimestamp64Micro(any(c.state_since)) AS state_since_us,
       toString(any(c.facility)) AS of_facility, toString(any(c.department)) AS of_department
FROM (SELECT arrayJoin(failed) AS failure) AS f
INNER JOIN (SELECT arrayJoin(links) AS link) AS l ON l.link.1 = f.failure.1
INNER JOIN (
    SELECT case_id, owner, state_since, facility, department,
           multiIf(has(clock.status, 'breached'), 'breached', has(clock.status, 'at_risk'), 'at_risk', '') AS sla
    FROM v_cases
    WHERE process = {process:String} AND status = 'open' AND case_id IN (SELECT arrayJoin(links).2)
) AS c ON c.case_id = l.link.2
WHERE f.failure.3 >= toUnixTimestamp64Micro(c.state_since)
GROUP BY case_id
ORDER BY state_since_us, case_id
LIMIT {limit:UInt32}
