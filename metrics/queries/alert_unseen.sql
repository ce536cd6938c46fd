-- Milestones that were expected by an instant after `since` (microseconds) and have not been seen.
SELECT toString(e.process) AS process, e.case_id AS case_id, toString(e.expectation) AS expectation,
       toString(e.told_by) AS told_by, toString(e.owner) AS owner, toString(e.state) AS state, e.amount AS amount,
       toString(e.currency) AS currency, e.simulated AS simulated, toString(f.phase) AS phase
FROM v_expectations AS e
LEFT JOIN v_feeds AS f ON f.feed = toString(e.feed)
WHERE e.status = 'unseen' AND e.due > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
ORDER BY process, case_id, expectation
