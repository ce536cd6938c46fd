-- Events by feed, type and hour (since 1970 UTC) from hour `since` until before `until`, each counted once. The feed of a source
-- is found by its prefix in `prefixes`, `feeds`, after which a word ends (as `Domains.system_of` has it); one that nobody
-- declared is called by the first part of its source.
SELECT coalesce(nullIf({feeds:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
               if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source))) AS feed,
       toString(type) AS type, simulated, toInt64(intDiv(toUnixTimestamp64Micro(time), 3600000000)) AS hour,
       uniqExact(event_id) AS events, toString(argMax(v_event_arrivals.feed, ingested)) AS clock
FROM v_event_arrivals
WHERE time >= fromUnixTimestamp64Micro({since:Int64} * 3600000000, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64} * 3600000000, 'UTC')
  AND type != 'log.step.v1'
GROUP BY feed, type, simulated, hour
ORDER BY feed, simulated, hour, type
