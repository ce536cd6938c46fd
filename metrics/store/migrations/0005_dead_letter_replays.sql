-- What people and limits did about what could not be read. History: no outcome is made of it.

-- One row a replay of a payload. Two letters with the same bytes are the same question, so the payload's
-- hash is the key: a replay that dies again comes back as a new letter with the same hash.
CREATE TABLE dead_letter_replays ${ON_CLUSTER}
(
    payload_hash String,                          -- first 16 hex digits of SHA-256 of the bytes
    replayed     DateTime64(6, 'UTC'),
    letter       String,                          -- the id of the letter that was replayed
    topic        LowCardinality(String),
    reason       LowCardinality(String)           -- why it had died
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (payload_hash, replayed, letter)
TTL toDateTime(replayed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Who paused or resumed a source, and why. The newest version is what holds; the rest is its history.
CREATE TABLE source_pauses ${ON_CLUSTER}
(
    source  String,
    version UInt64,                               -- counts up per source (never a time)
    paused  UInt8,
    cause   LowCardinality(String),               -- limit | operator
    detail  String,
    changed DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (source, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_dead_letter_replays ${ON_CLUSTER} AS SELECT * FROM dead_letter_replays FINAL;
CREATE VIEW v_source_pauses ${ON_CLUSTER} AS
SELECT * FROM source_pauses FINAL ORDER BY source, version DESC LIMIT 1 BY source;
