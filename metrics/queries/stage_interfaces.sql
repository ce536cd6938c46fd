-- Interface calls since `since` (microseconds) by the state in which the case was when the call began.
-- A call belongs to a case when its trace brought one of the case's events or names one of its objects. `moves_*`
-- are as in stage_flow; `activities` and `activity_branches` say to which branch an event belongs, and an interface
-- serves the branch of most of the events it brought. A call before the first milestone counts for the first state.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT stage, interface, any(service) AS service, count() AS calls, countIf(status = 'error') AS errors,
       quantile(0.95)(duration_ns) / 1000 AS p95_us, uniq(case_id) AS cases
FROM (
    SELECT s.interface AS interface, s.service AS service, s.status AS status, s.duration_ns AS duration_ns, s.case_id AS case_id,
           arrayFilter(x -> x.2 = if(s.home = '', 'main', s.home), p.path) AS own,
           own[greatest(arrayLastIndex(x -> x.1 <= s.start, own), 1)].3 AS stage
    FROM (
        SELECT *, argMax(branch, if(branch = '', 0, same)) OVER (PARTITION BY interface) AS home
        FROM (
            SELECT *, count() OVER (PARTITION BY interface, branch) AS same
            FROM (
                SELECT c.interface AS interface, c.service AS service, c.status AS status, c.duration_ns AS duration_ns, c.start AS start,
                       l.case_id AS case_id,
                       if(l.activity = '', '', transform(l.activity, {activities:Array(String)}, {activity_branches:Array(String)}, 'main')) AS branch
                FROM (
                    SELECT trace_id, service, interface, status, duration_ns, start
                    FROM v_spans
                    WHERE start > since AND interface != '' AND kind IN ('client', 'producer', 'internal')
                ) AS c
                INNER JOIN (
                    SELECT trace_id, case_id, max(activity) AS activity
                    FROM (
                        SELECT trace_id, case_id, toString(activity) AS activity
                        FROM v_case_events
                        WHERE process = {process:String} AND time > since - INTERVAL 1 DAY AND trace_id != ''
                        UNION ALL
                        SELECT r.trace_id AS trace_id, k.case_id AS case_id, '' AS activity
                        FROM (
                            SELECT DISTINCT trace_id, toString(object_type) AS object_type, object_id
                            FROM v_span_refs
                            WHERE start > since - INTERVAL 1 HOUR AND carrier IN ('attribute', 'baggage')
                        ) AS r
                        INNER JOIN (
                            SELECT toString(object_type) AS object_type, object_id, case_id FROM v_links WHERE process = {process:String}
                        ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
                    )
                    GROUP BY trace_id, case_id
                ) AS l ON l.trace_id = c.trace_id
            )
        )
    ) AS s
    INNER JOIN (
        SELECT case_id,
               arraySort(if(empty({moves_state:Array(String)}),
                            arrayMap((t, m) -> (t, 'main', toString(m)), milestone.last, milestone.name),
                            arrayFilter(x -> x.1 > toDateTime64(0, 6, 'UTC'),
                                        arrayMap((m, b, s) -> (milestone.last[indexOf(milestone.name, m)], b, s),
                                                 {moves_milestone:Array(String)}, {moves_branch:Array(String)}, {moves_state:Array(String)})))) AS path
        FROM v_cases
        WHERE process = {process:String} AND (status = 'open' OR last_time > since - INTERVAL 2 DAY)
          AND ({facility:String} = '' OR facility = {facility:String})
          AND ({department:String} = '' OR department = {department:String})
    ) AS p ON p.case_id = s.case_id
)
WHERE stage != ''
GROUP BY stage, interface
ORDER BY stage, calls DESC
