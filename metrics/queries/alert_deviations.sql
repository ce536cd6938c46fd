-- Deviations that stand, of an instant after `since` (microseconds), case by case and rule by rule.
SELECT toString(c.process) AS process, c.case_id AS case_id, toString(c.kind) AS kind, toString(c.rule) AS rule, toString(c.milestone) AS milestone,
       toString(c.state) AS state, toString(c.owner) AS owner, c.amount AS amount, toString(c.currency) AS currency,
       c.simulated AS simulated, toString(f.phase) AS phase
FROM (
    SELECT process, case_id, kind, rule, milestone, state, owner, amount, currency, simulated, feed
    FROM v_cases
    ARRAY JOIN deviation.kind AS kind, deviation.rule AS rule, deviation.milestone AS milestone, deviation.at AS at
    WHERE notEmpty(deviation.kind) AND last_time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
      AND at > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
) AS c
LEFT JOIN v_feeds AS f ON f.feed = toString(c.feed)
ORDER BY process, case_id, kind, rule, milestone
