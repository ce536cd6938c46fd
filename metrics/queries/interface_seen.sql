-- When each interface was last called within {days:UInt32} days before `as_of` (microseconds): one that fell silent is still named.
-- `pause_us`: the longest time it was not called in between, counted from one hour with calls to the next.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT interface, topK(1)(service)[1] AS service, toUnixTimestamp64Micro(max(start)) AS last_us,
       1000000 * arrayMax(arrayDifference(arraySort(groupUniqArray(toInt64(toUnixTimestamp(toStartOfHour(start))))))) AS pause_us
FROM v_call_records
WHERE start > as_of - toIntervalDay({days:UInt32})
GROUP BY interface
ORDER BY interface
