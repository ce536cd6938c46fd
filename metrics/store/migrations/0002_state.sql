-- State: what the facts add up to. The newest row by version is the whole truth about its key, and it
-- is also the worker's checkpoint. version = epoch * 2^40 + sequence (never a time).

CREATE TABLE cases ${ON_CLUSTER}
(
    process             LowCardinality(String),
    case_id             String,
    shard               UInt16,
    version             UInt64,
    revision            UInt32,
    definition_version  UInt32,
    feed                LowCardinality(String),
    status              LowCardinality(String),   -- open | closed
    outcome             LowCardinality(String),   -- '' while open, else the end state's name
    state               LowCardinality(String),
    state_since         DateTime64(6, 'UTC'),
    first_time          DateTime64(6, 'UTC'),
    last_time           DateTime64(6, 'UTC'),
    first_started       DateTime64(6, 'UTC'),
    events              UInt32,
    variant             UInt64,
    facility            LowCardinality(String),
    department          LowCardinality(String),
    owner               LowCardinality(String),
    amount              String,
    currency            LowCardinality(String),
    attributes          String,                   -- JSON object: the case attributes of the definition
    `milestone.name`    Array(LowCardinality(String)),
    `milestone.first`   Array(DateTime64(6, 'UTC')),
    `milestone.last`    Array(DateTime64(6, 'UTC')),
    `milestone.count`   Array(UInt32),
    `clock.name`        Array(LowCardinality(String)),
    `clock.status`      Array(LowCardinality(String)),  -- running | paused | at_risk | met | breached | cancelled
    `clock.started`     Array(DateTime64(6, 'UTC')),
    `clock.stopped`     Array(Nullable(DateTime64(6, 'UTC'))),
    `clock.at_risk_at`  Array(Nullable(DateTime64(6, 'UTC'))),
    `clock.deadline`    Array(Nullable(DateTime64(6, 'UTC'))),  -- null while paused
    `clock.gross_us`    Array(Int64),             -- elapsed, pauses included
    `clock.net_us`      Array(Int64),             -- on the calendar, pauses excluded
    `clock.target_us`   Array(Int64),
    `clock.pauses`      Array(String),            -- JSON [[from_us, to_us|null, reason], ...]
    simulated           UInt8,
    checkpoint          String                    -- the fold's accumulators, JSON
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Which events are folded into which case.
CREATE TABLE case_events ${ON_CLUSTER}
(
    process      LowCardinality(String),
    case_id      String,
    event_id     String,
    version      UInt64,
    withdrawn    UInt8,
    time         DateTime64(6, 'UTC'),
    started      Nullable(DateTime64(6, 'UTC')),
    rank         UInt16,
    sequence     UInt64,
    type         LowCardinality(String),
    activity     LowCardinality(String),
    source       LowCardinality(String),
    trace_id     String,
    trace_source LowCardinality(String),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Objects with their links: parents they hang on, children that hang on them, cases they belong to. All that a worker
-- needs of an object to go on is in these columns.
CREATE TABLE objects ${ON_CLUSTER}
(
    object_type       LowCardinality(String),
    object_id         String,
    shard             UInt16,
    version           UInt64,
    `parent.type`     Array(LowCardinality(String)),
    `parent.id`       Array(String),
    `parent.event_id` Array(String),              -- the event that named both: the proof ...
    `parent.proof_us` Array(Int64),               -- ... and its time in microseconds; the smallest proof wins
    `child.type`      Array(LowCardinality(String)),
    `child.id`        Array(String),
    `child.event_id`  Array(String),
    `child.proof_us`  Array(Int64),
    `link.process`    Array(LowCardinality(String)),
    `link.case_type`  Array(LowCardinality(String)),
    `link.case_id`    Array(String),
    `link.via_type`   Array(LowCardinality(String)),  -- the neighbour through which the case was reached
    `link.via_id`     Array(String),
    `link.event_id`   Array(String),
    `link.proof_us`   Array(Int64),
    `link.kept`       Array(UInt8),               -- 0: the cap keeps this case out
    capped            UInt32,                     -- links that the cap kept out
    simulated         UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (object_type, object_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE checkpoints ${ON_CLUSTER}
(
    worker      LowCardinality(String),
    topic       LowCardinality(String),
    partition   UInt32,
    version     UInt64,
    incarnation String,
    committed   UInt64,                           -- next offset to read
    high_water  UInt64,
    watermark   DateTime64(6, 'UTC'),
    flushed_at  DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (worker, topic, partition)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE feeds ${ON_CLUSTER}
(
    feed       String,
    version    UInt64,
    phase      LowCardinality(String),            -- backfill | live | end
    watermark  DateTime64(6, 'UTC'),
    last_seen  DateTime64(6, 'UTC'),
    simulated  UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY feed
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE epochs ${ON_CLUSTER}
(
    epoch       UInt32,
    worker      LowCardinality(String),
    incarnation String,
    taken_at    DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}MergeTree
ORDER BY epoch
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE definitions ${ON_CLUSTER}
(
    process   LowCardinality(String),
    version   UInt32,
    hash      String,
    yaml      String,
    loaded_at DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(loaded_at)
ORDER BY (process, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
