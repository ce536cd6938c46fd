-- Completeness: what was expected of each feed and batch, and what came. Every row follows from events, files and markers;
-- computing it again gives the same. version = epoch * 2^40 + sequence, the epoch of the evaluator (see alert_leases).

-- One row a closed interval of a feed; type is '' for all of its events together.
CREATE TABLE feed_intervals ${ON_CLUSTER}
(
    feed      LowCardinality(String),
    type      LowCardinality(String),
    span      LowCardinality(String),             -- hour | day, local ones of the feed's zone
    start     DateTime64(6, 'UTC'),
    simulated UInt8,
    version   UInt64,
    ends      DateTime64(6, 'UTC'),
    verdict   LowCardinality(String),             -- complete | short | silent | surge | unknown
    reason    LowCardinality(String),             -- of unknown: few_weeks | low_volume | special_day | withdrawn
    events    UInt64,
    expected  Float64,
    chance    Float64,                            -- of a count as low (or as high) as this
    weeks     UInt8                               -- learned from
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (feed, type, span, simulated, start)
TTL toDateTime(start) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- How far each feed is complete, and when it will have been silent for too long.
CREATE TABLE feed_standings ${ON_CLUSTER}
(
    feed           LowCardinality(String),
    simulated      UInt8,
    version        UInt64,
    title          String,
    owner          LowCardinality(String),
    phase          LowCardinality(String),        -- backfill | live
    state          LowCardinality(String),        -- complete | short | silent | unknown | withdrawn
    last           DateTime64(6, 'UTC'),          -- its newest event
    silent_from    Nullable(DateTime64(6, 'UTC')),  -- without an event until then it is silent
    silence        LowCardinality(String),        -- '' unknown | learned | declared
    complete_until Nullable(DateTime64(6, 'UTC')),  -- NULL: cannot be told yet
    judged_until   DateTime64(6, 'UTC'),          -- intervals that end later are not judged yet
    events         UInt64,                        -- of the 24 hours before judged_until ...
    expected       Nullable(Float64),             -- ... and how many were to be expected
    holes          UInt32                         -- short and silent intervals of the last 7 days
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (feed, simulated)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Batches: those expected by a schedule, the files of watched folders, and what markers say was sent.
CREATE TABLE feed_batches ${ON_CLUSTER}
(
    kind           LowCardinality(String),        -- file | event | marker
    batch          LowCardinality(String),        -- the schedule, the system of a file, the feed of a marker
    facility       LowCardinality(String),
    day            LowCardinality(String),        -- its business day, YYYY-MM-DD; of a marker its kind
    reference      String,                        -- which: '' for a schedule's, else the file's content, topic and partition
    simulated      UInt8,
    version        UInt64,
    state          LowCardinality(String),        -- expected | complete | late | missing | short | unbalanced | withdrawn
    owner          LowCardinality(String),
    title          String,
    due            Nullable(DateTime64(6, 'UTC')),
    came           Nullable(DateTime64(6, 'UTC')),
    declared       Nullable(UInt64),              -- as its source says: rows, records
    sent           Nullable(UInt64),              -- on the bus
    stored         Nullable(UInt64),
    dead           UInt64,                        -- dead letters
    duplicates     UInt64,
    money_declared String,                        -- JSON objects of decimal texts: by column or currency
    money_sent     String,
    money_stored   String,
    detail         String
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (kind, batch, facility, day, reference)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_feed_intervals ${ON_CLUSTER} AS
SELECT * EXCEPT version FROM feed_intervals FINAL WHERE reason != 'withdrawn';
CREATE VIEW v_feed_standings ${ON_CLUSTER} AS
SELECT * EXCEPT version FROM feed_standings FINAL WHERE state != 'withdrawn';
CREATE VIEW v_feed_batches ${ON_CLUSTER} AS
SELECT * EXCEPT version FROM feed_batches FINAL WHERE state != 'withdrawn';

-- Every row received; a redelivered one may stand twice, a duplicate stands under each of its positions.
CREATE VIEW v_event_arrivals ${ON_CLUSTER} AS
SELECT event_id, origin, position, type, source, feed, simulated, time, ingested FROM events;
