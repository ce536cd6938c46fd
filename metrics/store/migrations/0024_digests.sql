-- What pages with many events behind them are read from. Both tables repeat what facts say, and say of which facts: a row
-- counts only while it still agrees with them, and what it does not cover is read from the facts themselves. So no
-- redelivery, no lost round and no missing writer can make a figure wrong, only slower.

-- The activities of each case in the order of the fold, and the steps from one to the next: from the start (no activity) to the
-- first and from the last to the end as well. A step is '<length of the source>:<source><target>', which groups much faster than
-- two names; `step.first` says whether the case makes it for the first time. `version` is that of the case's row whose events
-- it shows.
CREATE TABLE case_paths ${ON_CLUSTER}
(
    process       LowCardinality(String),
    case_id       String,
    version       UInt64,
    activities    Array(LowCardinality(String)),
    `step.name`   Array(LowCardinality(String)),
    `step.gap_us` Array(Int64),                   -- the microseconds between; 0 at the start and the end
    `step.first`  Array(UInt8)
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Of each day (UTC) of event time: events, and those that no case claims. The stamps tell of which rows of `events` and
-- `case_events` of that day this is true.
CREATE TABLE event_days ${ON_CLUSTER}
(
    day         Int32,                            -- since 1970
    version     UInt64,
    event_stamp UInt64,
    case_stamp  UInt64,
    events      UInt64,
    unlinked    UInt64
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY day
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The events of a day are found without reading all ids.
ALTER TABLE events ${ON_CLUSTER} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';
ALTER TABLE events ${ON_CLUSTER} ADD PROJECTION IF NOT EXISTS ids_by_time (SELECT event_id, time ORDER BY time);

CREATE VIEW v_case_paths ${ON_CLUSTER} AS SELECT * FROM case_paths FINAL;
CREATE VIEW v_event_days ${ON_CLUSTER} AS SELECT * EXCEPT version FROM event_days FINAL;

-- The version of each case's row, by which a path is known to be that of its events.
CREATE VIEW v_case_versions ${ON_CLUSTER} AS SELECT process, case_id, version, events FROM cases FINAL;

-- Every record of an event with its time; a redelivered one may stand twice.
CREATE VIEW v_event_times ${ON_CLUSTER} AS SELECT event_id, time FROM events;

-- What tells whether anything of a day has changed: it differs once a row of it came, went or was replaced.
CREATE VIEW v_event_stamps ${ON_CLUSTER} AS
SELECT day, sum(e) AS event_stamp, sum(c) AS case_stamp
FROM (
    SELECT toInt32(toDate32(time)) AS day, toUInt64(sum(toUnixTimestamp64Micro(time)) * 31 + count()) AS e, toUInt64(0) AS c FROM events GROUP BY day
    UNION ALL
    SELECT toInt32(toDate32(time)) AS day, toUInt64(0) AS e, toUInt64(sum(version * (1 + withdrawn)) * 31 + count()) AS c FROM case_events GROUP BY day
)
GROUP BY day
HAVING event_stamp != 0;
