-- Events that could be read but break their contract: exceptions of the domain that owns their type.
CREATE TABLE contract_breaches ${ON_CLUSTER}
(
    source    LowCardinality(String),
    type      LowCardinality(String),
    code      LowCardinality(String),
    member    String,
    event_id  String,                        -- '' for a notice, which is one row for a source and type
    domain    LowCardinality(String),
    detail    String,
    time      DateTime64(6, 'UTC'),
    origin    LowCardinality(String),
    position  UInt64,
    simulated UInt8,
    noted     DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (source, type, code, member, event_id)
TTL toDateTime(noted) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_contract_breaches ${ON_CLUSTER} AS
SELECT source, type, code, member, domain, uniqExact(event_id) AS events, any(detail) AS detail,
       min(time) AS first, max(time) AS last, argMax(event_id, time) AS last_event, max(simulated) AS simulated
FROM contract_breaches FINAL
GROUP BY source, type, code, member, domain;
