-- The clocks of one objective that missed since `since` (microseconds, by deadline), the last one first: the '1' signs of
-- `objective_outcomes` with `history` 0, from their end.
SELECT toString(process) AS process, case_id, toString(state) AS state, toString(sla) AS sla, amount, toString(currency) AS currency
FROM (
    SELECT process, case_id, state, feed, amount, currency, sla, deadline
    FROM v_cases
    ARRAY JOIN clock.name AS sla, clock.status AS clock_status, clock.deadline AS deadline
    WHERE process = {process:String} AND sla = {sla:String} AND simulated = {simulated:UInt8} AND clock_status = 'breached'
      AND deadline > fromUnixTimestamp64Micro({since:Int64}, 'UTC')) AS c
LEFT JOIN v_feeds AS f ON f.feed = toString(c.feed)
WHERE f.phase NOT IN ('backfill', 'end')
ORDER BY c.deadline DESC, sipHash64(c.case_id) DESC
LIMIT {limit:UInt32}
