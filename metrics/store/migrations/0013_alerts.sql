-- Alerts: what fires, for which cases, who was told and why or why not. History: no outcome is made of it.
-- version = epoch * 2^40 + sequence, the epoch of the evaluator that wrote the row (see alert_leases).

-- One row an alert; alert_id is a hash of (kind, process, cause_kind, cause, owner, simulated).
CREATE TABLE alerts ${ON_CLUSTER}
(
    alert_id   String,
    version    UInt64,
    revision   UInt32,                            -- counts firings and resolutions
    kind       LowCardinality(String),
    process    LowCardinality(String),
    cause_kind LowCardinality(String),            -- interface | stage | source | feed | worker | receiver | pipeline
    cause      String,
    owner      LowCardinality(String),
    severity   LowCardinality(String),
    simulated  UInt8,
    status     LowCardinality(String),            -- pending | muted | firing | resolved
    muted      LowCardinality(String),            -- why it may not be told yet: backfill | ended
    since      DateTime64(6, 'UTC'),              -- its condition was first seen
    fired      Nullable(DateTime64(6, 'UTC')),
    gone       Nullable(DateTime64(6, 'UTC')),    -- its condition was not seen any more
    resolved   Nullable(DateTime64(6, 'UTC')),
    count      UInt64,
    peak       UInt64,
    amounts    String,                            -- JSON object: currency -> decimal text
    detail     String,
    changed    DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY alert_id
TTL toDateTime(changed) + INTERVAL 400 DAY DELETE WHERE status = 'resolved'
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The cases behind an alert, and which were. left: it is none of them any more.
CREATE TABLE alert_cases ${ON_CLUSTER}
(
    alert_id String,
    process  LowCardinality(String),
    case_id  String,
    version  UInt64,
    stage    LowCardinality(String),
    sla      LowCardinality(String),
    amount   String,
    currency LowCardinality(String),
    joined   DateTime64(6, 'UTC'),
    left     Nullable(DateTime64(6, 'UTC'))
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (alert_id, process, case_id)
TTL toDateTime(joined) + INTERVAL 400 DAY DELETE WHERE left IS NOT NULL
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Why an alert went out or did not: one row for each change of the answer.
CREATE TABLE alert_log ${ON_CLUSTER}
(
    alert_id String,
    at       DateTime64(6, 'UTC'),
    receiver LowCardinality(String),              -- '' where it concerns none
    code     LowCardinality(String),
    route    LowCardinality(String),
    revision UInt32,
    reason   String
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (alert_id, at, receiver, route, code)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- What people did: ack | unack | assign | comment, about one revision of an alert.
CREATE TABLE alert_actions ${ON_CLUSTER}
(
    alert_id String,
    at       DateTime64(6, 'UTC'),
    action   LowCardinality(String),
    actor    LowCardinality(String),
    text     String,                              -- the comment, or to whom it was assigned
    revision UInt32
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (alert_id, at, action, actor)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE TABLE alert_silences ${ON_CLUSTER}
(
    silence_id String,
    version    UInt64,                            -- counts up per silence (never a time)
    matchers   String,                            -- JSON object: label -> values
    starts     DateTime64(6, 'UTC'),
    ends       DateTime64(6, 'UTC'),
    actor      LowCardinality(String),
    comment    String
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY silence_id
TTL toDateTime(ends) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The queue of messages, and what was delivered: a message stands here before it is sent for the first time.
CREATE TABLE alert_messages ${ON_CLUSTER}
(
    receiver   LowCardinality(String),
    group_key  String,
    number     UInt32,                            -- of this group to this receiver, from 1
    version    UInt64,
    message_id String,
    alert_ids  Array(String),
    message    String,                            -- JSON: what the receiver is told
    told       String,                            -- JSON object: alert id -> [revision, count], what it knows to fire then
    state      LowCardinality(String),            -- queued | delivered | refused
    attempts   UInt32,
    error      String,                            -- of the last attempt
    created    DateTime64(6, 'UTC'),
    settled    Nullable(DateTime64(6, 'UTC'))
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (receiver, group_key, number)
TTL toDateTime(created) + INTERVAL 400 DAY DELETE WHERE state != 'queued'
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Who evaluates: the holder of the highest epoch, of two with the same the smaller name, while it was seen lately.
CREATE TABLE alert_leases ${ON_CLUSTER}
(
    epoch    UInt32,
    holder   String,
    version  UInt64,                              -- counts up per holder (never a time)
    seen     DateTime64(6, 'UTC'),                -- by the store's clock
    released UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (epoch, holder)
TTL toDateTime(seen) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_alerts ${ON_CLUSTER} AS SELECT * EXCEPT version FROM alerts FINAL;
CREATE VIEW v_alert_cases ${ON_CLUSTER} AS SELECT * EXCEPT version FROM alert_cases FINAL;
CREATE VIEW v_alert_log ${ON_CLUSTER} AS SELECT * FROM alert_log FINAL;
CREATE VIEW v_alert_actions ${ON_CLUSTER} AS SELECT * FROM alert_actions FINAL;
CREATE VIEW v_alert_silences ${ON_CLUSTER} AS SELECT * EXCEPT version FROM alert_silences FINAL;
CREATE VIEW v_alert_messages ${ON_CLUSTER} AS SELECT * EXCEPT version FROM alert_messages FINAL;
CREATE VIEW v_alert_leases ${ON_CLUSTER} AS SELECT * EXCEPT version FROM alert_leases FINAL;

-- Contract breaches by the time they were noted, which is when they are news.
CREATE VIEW v_contract_breach_records ${ON_CLUSTER} AS
SELECT source, type, domain, event_id, simulated, noted FROM contract_breaches FINAL;
