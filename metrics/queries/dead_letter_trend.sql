-- Dead letters by hour (`hourly` = 1) or day of a zone, and reason. Only the last `days` (0: all time).
WITH greatest((SELECT max(last_seen) FROM v_feeds), (SELECT max(ingested) FROM v_dead_letters)) AS as_of
SELECT toInt64(toUnixTimestamp(if({hourly:UInt8}, toStartOfHour(ingested, {zone:String}), toStartOfDay(ingested, {zone:String})))) * 1000000 AS begin_us,
       toString(reason) AS reason, count() AS letters, toUnixTimestamp64Micro(as_of) AS as_of_us
FROM v_dead_letters
WHERE ({reason:String} = '' OR reason = {reason:String})
  AND ({source:String} = '' OR if(source = '', topic, source) = {source:String})
  AND ({owner:String} = '' OR owner = {owner:String})
  AND ({days:UInt32} = 0 OR ingested > as_of - toIntervalDay({days:UInt32}))
GROUP BY begin_us, reason
ORDER BY begin_us, reason
