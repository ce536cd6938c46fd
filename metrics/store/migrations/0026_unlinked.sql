-- Events that no case claims, so that their list need not compare all events with all cases. Like the other digests a row says of
-- which facts it is true: those of its day, as long as their stamps are the row's. `records` counts the records of the event on
-- that day when it was looked up; while that number stands, it need not be looked up again.
CREATE TABLE unlinked_events ${ON_CLUSTER}
(
    day          Int32,                           -- of event time (UTC), since 1970
    event_id     String,
    version      UInt64,
    event_stamp  UInt64,
    case_stamp   UInt64,
    records      UInt32,
    origin       LowCardinality(String),
    position     UInt64,
    time         DateTime64(6, 'UTC'),
    activity     LowCardinality(String),
    source       LowCardinality(String),
    object_types Array(LowCardinality(String)),
    object_ids   Array(String),
    simulated    UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (day, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The stamps of days are kept by the engine part by part, as every record stands in it: a redelivered one as often as in its table.
ALTER TABLE events ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS stamps_by_day
(SELECT toInt32(toDate32(time)) AS day, sum(toUnixTimestamp64Micro(time)), count() GROUP BY day);
ALTER TABLE case_events ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS stamps_by_day
(SELECT toInt32(toDate32(time)) AS day, sum(version * (1 + withdrawn)), count() GROUP BY day);
ALTER TABLE events ${ON_CLUSTER} MATERIALIZE PROJECTION stamps_by_day;
ALTER TABLE case_events ${ON_CLUSTER} MATERIALIZE PROJECTION stamps_by_day;

-- Any id is found without reading every row: an event's cases, an object of whatever type, a span.
ALTER TABLE case_events ${ON_CLUSTER} ADD INDEX IF NOT EXISTS by_event event_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE objects ${ON_CLUSTER} ADD INDEX IF NOT EXISTS by_id object_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE spans ${ON_CLUSTER} ADD INDEX IF NOT EXISTS by_span span_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE case_events ${ON_CLUSTER} MATERIALIZE INDEX by_event;
ALTER TABLE objects ${ON_CLUSTER} MATERIALIZE INDEX by_id;
ALTER TABLE spans ${ON_CLUSTER} MATERIALIZE INDEX by_span;

CREATE VIEW v_unlinked_records ${ON_CLUSTER} AS SELECT * EXCEPT version FROM unlinked_events FINAL;

-- Of each day: whether its counts still hold, and whether each of its unlinked events is written down.
CREATE VIEW v_day_standings ${ON_CLUSTER} AS
SELECT s.day AS day, s.event_stamp AS event_stamp, s.case_stamp AS case_stamp, d.events AS events, d.unlinked AS unlinked,
       d.events > 0 AND d.event_stamp = s.event_stamp AND d.case_stamp = s.case_stamp AS counted,
       counted AND u.held = d.unlinked AS listed
FROM v_event_stamps AS s
LEFT JOIN v_event_days AS d ON d.day = s.day
LEFT JOIN (
    SELECT day, event_stamp, case_stamp, count() AS held FROM v_unlinked_records GROUP BY day, event_stamp, case_stamp
) AS u ON u.day = s.day AND u.event_stamp = s.event_stamp AND u.case_stamp = s.case_stamp;

-- The first moment of which not every unlinked event is written down; none where each is, so that nothing is read then.
CREATE VIEW v_unlisted_since ${ON_CLUSTER} AS
SELECT fromUnixTimestamp64Micro(toInt64(min(day)) * 86400000000, 'UTC') AS since FROM v_day_standings WHERE NOT listed
HAVING count() > 0;

-- The unlinked events with what lists show of them: as written down where that holds, else from the facts of their day.
CREATE VIEW v_unlinked_listed ${ON_CLUSTER} AS
SELECT event_id, time, activity, source, object_types, object_ids, simulated
FROM (
    SELECT event_id, origin, position, time, activity, source, object_types, object_ids, simulated
    FROM v_unlinked_records
    WHERE (day, event_stamp, case_stamp) IN (SELECT day, event_stamp, case_stamp FROM v_day_standings WHERE listed)
    UNION ALL
    SELECT event_id, origin, position, time, activity, source, object_types, object_ids, simulated
    FROM v_events
    WHERE event_id IN (
        SELECT event_id FROM v_event_times
        WHERE time >= (SELECT since FROM v_unlisted_since)
          AND toInt32(toDate32(time)) IN (SELECT day FROM v_day_standings WHERE NOT listed)
          AND event_id NOT IN (
              SELECT event_id FROM v_case_event_records
              WHERE time >= (SELECT since FROM v_unlisted_since)
                AND toInt32(toDate32(time)) IN (SELECT day FROM v_day_standings WHERE NOT listed)
              GROUP BY process, case_id, event_id HAVING argMax(withdrawn, version) = 0))
)
ORDER BY event_id, origin, position
LIMIT 1 BY event_id;
