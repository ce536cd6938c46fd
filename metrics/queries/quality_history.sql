-- What happened to one exception, and what people did with it, the oldest first.
SELECT toUnixTimestamp64Micro(at) AS at_us, what, actor, owner, comment, toUnixTimestamp64Micro(noticed) AS noticed_us
FROM v_quality_history
WHERE finding_id = {finding:String}
ORDER BY noticed, at, what
