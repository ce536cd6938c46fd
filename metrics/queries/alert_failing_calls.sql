-- Open cases in whose present state a call between systems failed, or took longer than `slow` (nanoseconds), since `since`
-- (microseconds). What counts is the last call of each interface in a trace: a retry that went well heals it.
-- A trace belongs to a case when it brought one of its events or names one of its objects.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since,
     bad_traces AS (
         SELECT trace_id FROM v_call_records WHERE start > since AND (status = 'error' OR duration_ns > {slow:UInt64})
     ),
     failed AS (
         SELECT trace_id, toString(interface) AS interface, last.2 AS failed_us
         FROM (
             SELECT trace_id, interface, argMax((is_bad, ended_us), (start, span_id)) AS last
             FROM (
                 SELECT trace_id, span_id, interface, start, status = 'error' OR duration_ns > {slow:UInt64} AS is_bad,
                        intDiv(toUnixTimestamp64Nano(start) + toInt64(duration_ns), 1000) AS ended_us
                 FROM v_call_records
                 WHERE start > since AND trace_id IN bad_traces
                 ORDER BY origin, position LIMIT 1 BY trace_id, span_id
             )
             GROUP BY trace_id, interface
         )
         WHERE last.1
     ),
     links AS (
         SELECT trace_id, toString(process) AS process, case_id
         FROM (
             SELECT trace_id, process, case_id, event_id, version, withdrawn FROM v_case_trace_records
             WHERE trace_id IN bad_traces
             ORDER BY version DESC LIMIT 1 BY process, case_id, event_id
         )
         WHERE withdrawn = 0
         UNION DISTINCT
         SELECT r.trace_id AS trace_id, k.process AS process, k.case_id AS case_id
         FROM v_trace_objects AS r
         INNER JOIN (
             SELECT object_type, object_id, toString(link_process) AS process, link_case AS case_id
             FROM v_objects
             ARRAY JOIN link.process AS link_process, link.case_id AS link_case, link.kept AS link_kept
             WHERE link_kept = 1 AND (object_type, object_id) IN (
                 SELECT object_type, object_id FROM v_trace_objects WHERE trace_id IN bad_traces AND start > since - INTERVAL 1 HOUR)
         ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
         WHERE r.trace_id IN bad_traces AND r.start > since - INTERVAL 1 HOUR
     )
SELECT toString(c.process) AS process, c.case_id AS case_id, f.interface AS interface, max(f.failed_us) AS failed_us,
       toString(any(c.state)) AS state, toUnixTimestamp64Micro(any(c.state_since)) AS state_since_us,
       any(c.amount) AS amount, toString(any(c.currency)) AS currency, any(c.simulated) AS simulated, toString(any(p.phase)) AS phase
FROM failed AS f
INNER JOIN links AS l ON l.trace_id = f.trace_id
INNER JOIN (
    SELECT process, case_id, state, state_since, amount, currency, simulated, feed
    FROM v_cases WHERE status = 'open' AND (process, case_id) IN (SELECT process, case_id FROM links)
) AS c ON toString(c.process) = l.process AND c.case_id = l.case_id
LEFT JOIN v_feeds AS p ON p.feed = toString(c.feed)
WHERE f.failed_us >= toUnixTimestamp64Micro(c.state_since)
GROUP BY process, case_id, interface
ORDER BY process, case_id, interface
