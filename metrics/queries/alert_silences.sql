-- Silences that have not ended by `now` (microseconds).
SELECT silence_id, matchers, toUnixTimestamp64Micro(starts) AS starts_us, toUnixTimestamp64Micro(ends) AS ends_us,
       toString(actor) AS actor, comment
FROM v_alert_silences WHERE ends > fromUnixTimestamp64Micro({now:Int64}, 'UTC') ORDER BY starts, silence_id
