-- The ledger of watched folders: what became of each file, and which events it holds. History: no outcome is made of it.

-- One row a content of a file; content is empty as long as the file is not complete. state: waiting | refused | sending |
-- sent | copy | superseded | settled (was waiting, and nothing waits any more). faulty = 1: somebody has to look at it.
-- Totals and amounts are JSON objects of decimal texts: by column of the file, and by currency.
CREATE TABLE files ${ON_CLUSTER}
(
    system          LowCardinality(String),
    name            String,                       -- relative to the system's directory
    content         String,                       -- SHA-256 of the bytes, 64 hex digits
    version         UInt64,                       -- counts up per key (never a time)
    state           LowCardinality(String),
    reason          String,
    faulty          UInt8,
    bytes           UInt64,
    business_date   String,
    parts           UInt32,                       -- messages that the file was cut into
    rows            UInt64,                       -- as counted
    rows_declared   Nullable(UInt64),             -- as its trailer or manifest says
    rows_mapped     UInt64,                       -- rows that give events
    rows_dead       UInt64,                       -- rows that become dead letters
    totals          String,
    totals_declared String,
    events          Nullable(UInt64),             -- sent; NULL: not known, the mapping compares snapshots
    amounts         String,
    events_stored   Nullable(UInt64),
    amounts_stored  String,
    `check`         LowCardinality(String),       -- '' not yet | equal | short | not_comparable
    corrects        String,                       -- what it supersedes: a name or a content
    superseded_by   String,                       -- content
    removed         UInt64,                       -- events of the superseded file that this one has no more
    simulated       UInt8,
    seen            DateTime64(6, 'UTC'),
    sent            Nullable(DateTime64(6, 'UTC')),
    checked         Nullable(DateTime64(6, 'UTC'))
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (system, name, content)
TTL toDateTime(seen) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The events of each file, written before the first of them is sent.
CREATE TABLE file_events ${ON_CLUSTER}
(
    system    LowCardinality(String),
    content   String,
    event_id  String,
    row       UInt64,                             -- of the file, from 1
    type      LowCardinality(String),
    subject   String,
    amount    String,
    currency  LowCardinality(String),
    simulated UInt8,
    noted     DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (system, content, event_id)
TTL toDateTime(noted) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_files ${ON_CLUSTER} AS SELECT * EXCEPT version FROM files FINAL WHERE state != 'settled';
CREATE VIEW v_file_events ${ON_CLUSTER} AS SELECT * FROM file_events FINAL;
CREATE VIEW v_file_exceptions ${ON_CLUSTER} AS SELECT * FROM v_files WHERE faulty = 1;
