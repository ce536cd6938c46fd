-- How long approval steps waited, by step and by who approves, of those that were asked for since `since` (microseconds).
-- A step is an object; it is asked for with its first request and decided with its first approval or refusal after it.
SELECT step, approver, count() AS asked, countIf(decided_us > 0) AS decided, countIf(refused) AS refused,
       quantileExactIf(0.5)(decided_us - asked_us, decided_us > 0) AS median_us, quantileExactIf(0.9)(decided_us - asked_us, decided_us > 0) AS p90_us
FROM (
    SELECT subject, argMin(step, at_us) AS step, argMin(approver, at_us) AS approver, minIf(at_us, verb = 'requested') AS asked_us,
           arrayMin(arrayFilter(t -> t >= asked_us, groupArrayIf(at_us, verb IN ('approved', 'rejected')))) AS decided_us,
           countIf(verb = 'rejected') > 0 AND countIf(verb = 'approved') = 0 AS refused
    FROM (
        SELECT subject, extract(toString(type), '^approval_step\\.([a-z]+)') AS verb, toUnixTimestamp64Micro(time) AS at_us,
               JSONExtractString(attributes, 'step') AS step, JSONExtractString(attributes, 'approver') AS approver
        FROM v_event_records
        WHERE time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
          AND type IN ('approval_step.requested.v1', 'approval_step.approved.v1', 'approval_step.rejected.v1')
        ORDER BY origin, position LIMIT 1 BY event_id
    )
    GROUP BY subject
    HAVING countIf(verb = 'requested') > 0
)
GROUP BY step, approver
ORDER BY asked DESC, step, approver
LIMIT 100
