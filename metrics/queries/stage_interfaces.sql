-- Interface calls since `since` (microseconds) by the state in which the case was when the call began.
-- A call belongs to a case when its trace brought one of the case's events or names one of its objects. `moves_*`
-- are as in stage_flow; `activities` and `activity_branches` say to which branch an event belongs, and an interface
-- serves the branch of most of the events it brought. A call before the first milestone counts for the first state.
-- Only what falls into the window is read: calls, references and events by time, objects by key. Each of them may
-- stand there twice (a redelivery, an older version), so one of each key is kept before anything is counted.
-- For every facility and department and for all of them ('' in of_facility, of_department): one answer serves every filter.
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT if(grouping(facility) = 1, '', toString(facility)) AS of_facility,
       if(grouping(department) = 1, '', toString(department)) AS of_department,
       stage, interface, min(service) AS service, count() AS calls, countIf(status = 'error') AS errors,
       quantileExactInclusive(0.95)(duration_ns) / 1000 AS p95_us, uniq(case_id) AS cases
FROM (
    SELECT s.interface AS interface, call.1 AS service, call.2 AS status, call.3 AS duration_ns, p.case_id AS case_id, p.facility AS facility, p.department AS department,
           p.path[greatest(arrayLastIndex(x -> x.1 <= call.4, p.path), 1)].2 AS stage
    FROM (
        SELECT interface, sumMapIf(map(branch, 1), branch != '') AS brought,
               if(empty(brought), 'main', mapKeys(brought)[indexOf(mapValues(brought), arrayMax(mapValues(brought)))]) AS home,
               groupArray((service, status, duration_ns, start, case_id)) AS calls
        FROM (
            SELECT c.interface AS interface, c.service AS service, c.status AS status, c.duration_ns AS duration_ns, c.start AS start, l.case_id AS case_id,
                   if(l.activity = '', '', transform(l.activity, {activities:Array(String)}, {activity_branches:Array(String)}, 'main')) AS branch
            FROM (
                SELECT trace_id, service, interface, status, duration_ns, start
                FROM v_call_records
                WHERE start > since
                ORDER BY origin, position LIMIT 1 BY trace_id, span_id
            ) AS c
            INNER JOIN (
                SELECT trace_id, case_id, max(activity) AS activity
                FROM (
                    SELECT trace_id, case_id, activity
                    FROM (
                        SELECT trace_id, case_id, toString(activity) AS activity, withdrawn
                        FROM v_case_trace_records
                        WHERE process = {process:String} AND time > since - INTERVAL 1 DAY
                        ORDER BY version DESC LIMIT 1 BY case_id, event_id
                    )
                    WHERE withdrawn = 0
                    UNION ALL
                    SELECT r.trace_id AS trace_id, k.case_id AS case_id, '' AS activity
                    FROM v_trace_objects AS r
                    INNER JOIN (
                        SELECT object_type, object_id, link_case AS case_id
                        FROM v_objects
                        ARRAY JOIN link.process AS link_process, link.case_id AS link_case
                        WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM v_trace_objects WHERE start > since - INTERVAL 1 HOUR)
                          AND link_process = {process:String}
                    ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
                    WHERE r.start > since - INTERVAL 1 HOUR
                )
                GROUP BY trace_id, case_id
            ) AS l ON l.trace_id = c.trace_id
        )
        GROUP BY interface
    ) AS s
    ARRAY JOIN calls AS call
    INNER JOIN (
        SELECT case_id, any(facility) AS facility, any(department) AS department, if(empty({moves_state:Array(String)}), 'main', v.move.2) AS branch,
               arraySort(groupArray((reached, if(empty({moves_state:Array(String)}), toString(name), v.move.3)))) AS path
        FROM v_cases
        ARRAY JOIN milestone.name AS name, milestone.last AS reached
        LEFT JOIN (
            SELECT arrayJoin(arrayZip({moves_milestone:Array(String)}, {moves_branch:Array(String)}, {moves_state:Array(String)})) AS move, move.1 AS milestone
        ) AS v ON v.milestone = name
        WHERE process = {process:String} AND (status = 'open' OR last_time > since - INTERVAL 2 DAY)
        GROUP BY case_id, branch
    ) AS p ON p.case_id = call.5 AND p.branch = s.home
)
WHERE stage != ''
GROUP BY GROUPING SETS ((stage, interface, facility, department), (stage, interface, facility), (stage, interface, department), (stage, interface))
HAVING (grouping(facility) = 1 OR facility != '') AND (grouping(department) = 1 OR department != '')
ORDER BY of_facility, of_department, stage, calls DESC, interface
