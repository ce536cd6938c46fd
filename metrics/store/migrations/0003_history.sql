-- History: how the truth was reached. These tables have invariants of their own and are no outcome.

CREATE TABLE late_events ${ON_CLUSTER}
(
    process   LowCardinality(String),
    case_id   String,
    event_id  String,
    time      DateTime64(6, 'UTC'),
    case_time DateTime64(6, 'UTC'),               -- the newest event the case had when this one came
    noticed   DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(noticed)
ORDER BY (process, case_id, event_id)
TTL toDateTime(noticed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE restatements ${ON_CLUSTER}
(
    process    LowCardinality(String),
    case_id    String,
    clock      LowCardinality(String),
    revision   UInt32,
    cause      LowCardinality(String),            -- late_event | definition
    event_id   String,
    old_status LowCardinality(String),
    new_status LowCardinality(String),
    old_net_us Int64,
    new_net_us Int64,
    noticed    DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(noticed)
ORDER BY (process, case_id, clock, revision)
TTL toDateTime(noticed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Each change of a clock's status, with who decided it: an event, or the passing of its deadline.
CREATE TABLE transitions ${ON_CLUSTER}
(
    process  LowCardinality(String),
    case_id  String,
    clock    LowCardinality(String),
    status   LowCardinality(String),
    at       DateTime64(6, 'UTC'),                -- for a breach: its deadline
    cause    LowCardinality(String),              -- event | timer
    revision UInt32,
    version  UInt64,
    noticed  DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id, clock, status, at)
TTL toDateTime(noticed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE incarnations ${ON_CLUSTER}
(
    incarnation String,
    previous    String,
    seen_at     DateTime64(6, 'UTC'),
    unread      UInt64,                           -- records the old log held beyond the last commit
    detail      String
)
ENGINE = ${REPLICATED}ReplacingMergeTree(seen_at)
ORDER BY incarnation
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
