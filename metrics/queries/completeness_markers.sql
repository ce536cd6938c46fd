-- What feeds said to have sent to each partition since `since` (microseconds), and what is stored of it: events of the feed before
-- the marker, and dead letters of the partition before it.
SELECT m.feed AS feed, toString(m.kind) AS kind, m.partition AS partition, m.origin AS origin, m.position AS position, m.count AS declared,
       toUnixTimestamp64Micro(m.ingested) AS ingested_us, e.stored AS stored, e.distinct_events AS distinct_events, d.dead AS dead, e.simulated AS simulated
FROM (
    SELECT feed, kind, partition, toString(origin) AS origin, position, count, ingested FROM v_markers
    WHERE kind != 'backfill' AND ingested > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
) AS m
LEFT JOIN (
    SELECT k.feed AS feed, k.origin AS origin, k.position AS position, uniqExact(a.position) AS stored, uniqExact(a.event_id) AS distinct_events,
           max(a.simulated) AS simulated
    FROM (SELECT feed, toString(origin) AS origin, position FROM v_markers WHERE kind != 'backfill' AND ingested > fromUnixTimestamp64Micro({since:Int64}, 'UTC')) AS k
    INNER JOIN (SELECT toString(feed) AS feed, toString(origin) AS origin, position, event_id, simulated FROM v_event_arrivals
                WHERE origin IN (SELECT origin FROM v_markers WHERE kind != 'backfill' AND ingested > fromUnixTimestamp64Micro({since:Int64}, 'UTC'))) AS a
          ON a.feed = k.feed AND a.origin = k.origin
    WHERE a.position < k.position
    GROUP BY feed, origin, position
) AS e ON e.feed = m.feed AND e.origin = m.origin AND e.position = m.position
LEFT JOIN (
    SELECT k.origin AS origin, k.position AS position, count() AS dead
    FROM (SELECT DISTINCT toString(origin) AS origin, position FROM v_markers WHERE kind != 'backfill' AND ingested > fromUnixTimestamp64Micro({since:Int64}, 'UTC')) AS k
    INNER JOIN (SELECT DISTINCT toString(origin) AS origin, position FROM v_dead_letters) AS l ON l.origin = k.origin
    WHERE l.position < k.position
    GROUP BY origin, position
) AS d ON d.origin = m.origin AND d.position = m.position
ORDER BY feed, kind, partition, position
