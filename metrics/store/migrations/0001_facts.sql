-- Facts: what was received. A row's key holds its source position, so that a redelivery replaces
-- itself and a true duplicate stays countable. TTL counts from the time of intake, never from event time.
-- A flush of the large tables is one compact part: a file for each column cost a tenth of the insert.

CREATE TABLE events ${ON_CLUSTER}
(
    event_id          String,
    origin            LowCardinality(String),
    position          UInt64,
    type              LowCardinality(String),
    activity          LowCardinality(String),
    time              DateTime64(6, 'UTC'),
    started           Nullable(DateTime64(6, 'UTC')),
    recorded          Nullable(DateTime64(6, 'UTC')),
    ingested          DateTime64(6, 'UTC'),
    source            LowCardinality(String),
    feed              LowCardinality(String),
    subject           String,
    sequence          UInt64,
    effective_date    LowCardinality(String),
    precision         LowCardinality(String),
    object_types      Array(LowCardinality(String)),
    object_ids        Array(String),
    object_qualifiers Array(LowCardinality(String)),
    attributes        String,
    amount            String,
    currency          LowCardinality(String),
    actor             String,
    trace_id          String,
    span_id           String,
    trace_source      LowCardinality(String),
    simulated         UInt8,
    INDEX by_object object_ids TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_time time TYPE minmax GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (event_id, origin, position)
TTL toDateTime(ingested) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

CREATE TABLE spans ${ON_CLUSTER}
(
    trace_id       String,
    span_id        String,
    origin         LowCardinality(String),
    position       UInt64,
    parent_span_id String,
    service        LowCardinality(String),
    name           LowCardinality(String),
    kind           LowCardinality(String),
    interface      LowCardinality(String),
    start          DateTime64(9, 'UTC'),
    duration_ns    UInt64,
    status         LowCardinality(String),
    status_message String,
    attributes     String,
    resource       String,
    events         String,
    ingested       DateTime64(6, 'UTC'),
    simulated      UInt8,
    INDEX by_start start TYPE minmax GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (trace_id, span_id, origin, position)
TTL toDateTime(ingested) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

-- What a span says about business objects (carrier attribute | baggage) and about other traces
-- (carrier span_link, object_type 'trace'). Links from traces to cases are read from here, never copied.
CREATE TABLE span_refs ${ON_CLUSTER}
(
    object_type LowCardinality(String),
    object_id   String,
    trace_id    String,
    span_id     String,
    carrier     LowCardinality(String),
    key         LowCardinality(String),
    start       DateTime64(9, 'UTC'),
    ingested    DateTime64(6, 'UTC'),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (object_type, object_id, trace_id, span_id, carrier, key)
TTL toDateTime(ingested) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

CREATE TABLE dead_letters ${ON_CLUSTER}
(
    origin    LowCardinality(String),
    position  UInt64,
    topic     LowCardinality(String),
    partition UInt32,
    offset    UInt64,
    reason    LowCardinality(String),
    detail    String,
    source    LowCardinality(String),
    payload   String,
    ingested  DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (origin, position, reason)
TTL toDateTime(ingested) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE markers ${ON_CLUSTER}
(
    feed      String,
    kind      LowCardinality(String),
    partition UInt32,
    count     UInt64,
    origin    LowCardinality(String),
    position  UInt64,
    ingested  DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (feed, kind, partition, origin, position)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
