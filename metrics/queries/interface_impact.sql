-- The cases behind interfaces since `since` (microseconds): by interface and process, and those whose clocks are breached or at
-- risk, and what they are worth. A trace belongs to a case when it brought one of its events or names one of its objects.
-- `interface` is '' for all; with `failed` = 1 only traces in which a call of the interface failed count.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT interface, process, count() AS cases, countIf(status = 'open') AS open, countIf(sla = 'breached') AS breached, countIf(sla = 'at_risk') AS at_risk,
       sumIf(breaches, sla = 'breached') AS clocks, mapKeys(sumMapIf(map(toString(currency), toDecimal128OrZero(amount, 4)), amount != '') AS money) AS currencies,
       arrayMap(a -> toString(a), mapValues(money)) AS amounts
FROM (
    SELECT DISTINCT c.interface AS interface, l.process AS process, l.case_id AS case_id
    FROM (
        SELECT DISTINCT interface, trace_id FROM v_call_records
        WHERE start > since AND ({interface:String} = '' OR interface = {interface:String}) AND ({failed:UInt8} = 0 OR status = 'error')
    ) AS c
    INNER JOIN (
        SELECT DISTINCT trace_id, process, case_id
        FROM (
            SELECT trace_id, toString(process) AS process, case_id
            FROM (
                SELECT trace_id, process, case_id, withdrawn FROM v_case_trace_records
                WHERE time > since - INTERVAL 1 DAY
                ORDER BY version DESC LIMIT 1 BY process, case_id, event_id
            )
            WHERE withdrawn = 0
            UNION ALL
            SELECT r.trace_id AS trace_id, k.process AS process, k.case_id AS case_id
            FROM (SELECT DISTINCT trace_id, toString(object_type) AS object_type, object_id FROM v_trace_objects WHERE start > since - INTERVAL 1 HOUR) AS r
            INNER JOIN (
                SELECT toString(object_type) AS object_type, object_id, toString(link_process) AS process, link_case AS case_id
                FROM v_objects ARRAY JOIN link.process AS link_process, link.case_id AS link_case
                WHERE (object_type, object_id) IN (SELECT object_type, object_id FROM v_trace_objects WHERE start > since - INTERVAL 1 HOUR)
            ) AS k ON k.object_type = r.object_type AND k.object_id = r.object_id
        )
    ) AS l ON l.trace_id = c.trace_id
) AS touched
INNER JOIN (
    SELECT toString(process) AS process, case_id, status, amount, currency,
           multiIf(status = 'open' AND has(clock.status, 'breached'), 'breached', status = 'open' AND has(clock.status, 'at_risk'), 'at_risk', '') AS sla,
           arrayCount(s -> s = 'breached', clock.status) AS breaches
    FROM v_cases WHERE last_time > since - INTERVAL 2 DAY OR status = 'open'
) AS standing ON standing.process = touched.process AND standing.case_id = touched.case_id
GROUP BY interface, process
ORDER BY interface, cases DESC, process
