-- Alerts that are not over, and those resolved since `since` (microseconds); `id` narrows to ids that begin with it.
SELECT alert_id, revision, toString(kind) AS kind, toString(process) AS process, toString(cause_kind) AS cause_kind, cause,
       toString(owner) AS owner, toString(severity) AS severity, simulated, toString(status) AS status, toString(muted) AS muted,
       toUnixTimestamp64Micro(since) AS since_us, toUnixTimestamp64Micro(fired) AS fired_us, toUnixTimestamp64Micro(gone) AS gone_us,
       toUnixTimestamp64Micro(resolved) AS resolved_us, count, peak, amounts, detail
FROM v_alerts
WHERE (status != 'resolved' OR resolved > fromUnixTimestamp64Micro({since:Int64}, 'UTC')) AND startsWith(alert_id, {id:String})
ORDER BY status, since, alert_id
