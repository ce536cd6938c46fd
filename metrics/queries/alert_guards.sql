-- Violations of guards that nobody has acknowledged or resolved and that opened since then, by process, guard and owner.
SELECT toString(process) AS process, guard, toString(owner) AS owner, any(toString(title)) AS title, any(toString(severity)) AS severity,
       uniqExact(finding_id) AS violations, simulated
FROM v_guard_violations
WHERE status = 'open' AND opened >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
GROUP BY process, guard, owner, simulated
ORDER BY process, guard, owner, simulated
