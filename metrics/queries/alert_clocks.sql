-- Clocks of open cases that are at risk, or have run out since `since` (microseconds) and still wait.
WITH open_clocks AS (
    SELECT process, case_id, sla, clock_status, state, state_since, owner, amount, currency, simulated, feed, deadline
    FROM v_cases
    ARRAY JOIN clock.name AS sla, clock.status AS clock_status, clock.stopped AS stopped, clock.deadline AS deadline
    WHERE status = 'open' AND hasAny(clock.status, ['at_risk', 'breached']) AND stopped IS NULL
      AND (clock_status = 'at_risk' OR (clock_status = 'breached' AND deadline > fromUnixTimestamp64Micro({since:Int64}, 'UTC')))
)
SELECT toString(c.process) AS process, c.case_id AS case_id, toString(c.sla) AS sla, toString(c.clock_status) AS status,
       toString(c.state) AS state, toUnixTimestamp64Micro(c.state_since) AS state_since_us, toString(c.owner) AS owner,
       c.amount AS amount, toString(c.currency) AS currency, c.simulated AS simulated, toString(f.phase) AS phase
FROM open_clocks AS c
LEFT JOIN v_feeds AS f ON f.feed = toString(c.feed)
ORDER BY process, case_id, sla
