-- Integration health by hour, as judged: how calls, events and changes went, by system, interface and operation. Every row
-- follows from spans, events, their breaches, dead letters and hops; computing it again gives the same. Durations are
-- microseconds. `took`, `wait` and `lag` count durations by their value to 8 bits, so that hours can be put together.

CREATE TABLE health_hours ${ON_CLUSTER}
(
    measure          LowCardinality(String),      -- calls | events | propagation
    interface        LowCardinality(String),      -- of events their source, of propagation the system of record
    operation        LowCardinality(String),      -- the call's name, the type of the events, the object type and field group
    system           LowCardinality(String),      -- who calls, whose events they are, who should show the change
    kind             LowCardinality(String),      -- of calls: client | producer | internal; '' else
    service          LowCardinality(String),      -- of calls: the service with most of them
    simulated        UInt8,
    hour             DateTime64(6, 'UTC'),
    version          UInt64,
    gone             UInt8,                       -- 1: judged again, nothing of it is left
    judged           DateTime64(6, 'UTC'),
    calls            UInt64,                      -- calls, events, or changes
    errors           UInt64,                      -- failed calls, events that broke their contract, changes shown late or never
    first            Nullable(DateTime64(6, 'UTC')),
    last             Nullable(DateTime64(6, 'UTC')),
    median_us        Nullable(Float64),           -- exact, of this hour; NULL: nothing to measure
    p95_us           Nullable(Float64),
    p99_us           Nullable(Float64),
    `took.us`        Array(UInt64),
    `took.calls`     Array(UInt64),
    retries          UInt64,                      -- calls after a failed one
    failed_messages  UInt64,                      -- messages begun in this hour of which a call failed
    recovered        UInt64,                      -- of those: got through in the end
    given_up         UInt64,                      -- of those: nothing was tried any more
    unsettled        UInt64,                      -- of those: may still be tried; of propagation: changes not shown yet
    fewest_attempts  UInt32,                      -- of the message given up the soonest, 0: none was
    shortest_wait_us UInt64,                      -- before retries
    longest_wait_us  UInt64,
    `wait.us`        Array(UInt64),
    `wait.calls`     Array(UInt64),
    taken            UInt64,                      -- of kind producer: messages that somebody took
    longest_lag_us   UInt64,                      -- from sending to taking
    `lag.us`         Array(UInt64),
    `lag.calls`      Array(UInt64),
    dead_letters     UInt64,                      -- of events: by the hour in which they were taken in
    contract_version UInt32,                      -- of events: the version that the type names, 0: none
    allowed_us       Int64,                       -- of propagation: what the domain accepts
    content          UInt64                       -- a hash of what is counted
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (measure, hour, interface, operation, system, kind, simulated)
TTL toDateTime(judged) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

-- Which hours are judged, and of which facts: all from the first to the last one here. Those between without a row had no facts.
CREATE TABLE health_judged ${ON_CLUSTER}
(
    measure LowCardinality(String),
    hour    DateTime64(6, 'UTC'),
    version UInt64,
    judged  DateTime64(6, 'UTC'),
    number  UInt64,                               -- rows of facts that were there
    total   UInt64,                               -- a sum over them: it differs when one came or went
    oldest  DateTime64(6, 'UTC'),                 -- the first of them was taken in then
    settles Nullable(DateTime64(6, 'UTC')),       -- judged again then, since time alone decides something
    rules   UInt64                                -- a hash of what it was judged by
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (measure, hour)
TTL toDateTime(judged) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_health_hours ${ON_CLUSTER} AS
SELECT * EXCEPT (version, gone, content) FROM health_hours FINAL WHERE gone = 0;
CREATE VIEW v_health_judged ${ON_CLUSTER} AS
SELECT * EXCEPT version FROM health_judged FINAL;

-- When each span was taken in; a redelivered one may stand twice.
CREATE VIEW v_span_arrivals ${ON_CLUSTER} AS
SELECT trace_id, span_id, parent_span_id, origin, position, service, name, kind, interface, status, start, duration_ns, ingested, simulated
FROM spans;

-- As before, with the time of the event.
CREATE OR REPLACE VIEW v_contract_breach_records ${ON_CLUSTER} AS
SELECT source, type, domain, event_id, simulated, noted, time FROM contract_breaches FINAL;
