-- How far each feed is complete, as last judged.
SELECT toString(feed) AS feed, simulated, title, toString(owner) AS owner, toString(phase) AS phase, toString(state) AS state,
       toUnixTimestamp64Micro(last) AS last_us, toUnixTimestamp64Micro(silent_from) AS silent_from_us, toString(silence) AS silence,
       toUnixTimestamp64Micro(complete_until) AS complete_until_us, toUnixTimestamp64Micro(judged_until) AS judged_until_us,
       events, expected, holes
FROM v_feed_standings
ORDER BY feed, simulated
SETTINGS priority = 1
