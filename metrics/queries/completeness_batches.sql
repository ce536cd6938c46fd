-- Batches, newest first: all, or only those that need somebody's eyes; due, come or noted since `since` (microseconds).
SELECT toString(kind) AS kind, toString(batch) AS batch, toString(facility) AS facility, toString(day) AS day, reference, simulated,
       toString(state) AS state, toString(owner) AS owner, title, toUnixTimestamp64Micro(due) AS due_us,
       toUnixTimestamp64Micro(came) AS came_us, declared, sent, stored, dead, duplicates, money_declared, money_sent, money_stored, detail
FROM v_feed_batches
WHERE coalesce(due, came) > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND (NOT {odd:Bool} OR state NOT IN ('expected', 'complete'))
ORDER BY coalesce(due, came) DESC, kind, batch, facility, reference
LIMIT {limit:UInt32}
