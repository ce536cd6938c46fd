-- A fingerprint of each hour (microseconds) of spans that calls are judged by, until before `until`: it differs once anything came or went.
-- `oldest_us`: when the first of them was taken in.
SELECT at_us - positiveModulo(at_us, 3600000000) AS hour_us, count() AS number,
       sum(toUInt64(at_us)) AS total, toUnixTimestamp64Micro(min(ingested)) AS oldest_us
FROM (
    SELECT intDiv(toUnixTimestamp64Nano(start), 1000) AS at_us, ingested FROM v_span_arrivals
    WHERE start < fromUnixTimestamp64Micro({until:Int64}, 'UTC') AND (kind = 'consumer' OR interface != '' AND kind IN ('client', 'producer', 'internal'))
)
GROUP BY hour_us
ORDER BY hour_us
