-- Events that no case claims yet, of all events. A day (UTC, of event time) whose count was written down and still agrees with
-- what the store holds of it is taken as it is; the others are counted.
WITH (SELECT (groupArrayIf(day, counted), groupArrayIf(day, NOT counted)) FROM v_day_standings) AS days,
     days.1 AS known,
     days.2 AS fresh,
     fromUnixTimestamp64Micro(toInt64(arrayMin(fresh)) * 86400000000, 'UTC') AS since,
     fromUnixTimestamp64Micro((toInt64(arrayMax(fresh)) + 1) * 86400000000, 'UTC') AS until
SELECT sum(missing) AS unlinked, sum(held) AS events
FROM (
    SELECT d.unlinked AS missing, d.events AS held FROM v_event_days AS d WHERE has(known, day)
    UNION ALL
    SELECT countIf(event_id NOT IN (
               SELECT event_id FROM v_case_event_records
               WHERE time >= since AND time < until AND has(fresh, toInt32(toDate32(time)))
               GROUP BY process, case_id, event_id HAVING argMax(withdrawn, version) = 0)) AS missing, count() AS held
    FROM (SELECT DISTINCT event_id FROM v_event_times WHERE time >= since AND time < until AND has(fresh, toInt32(toDate32(time))))
)
SETTINGS priority = 1
