-- What is remembered of the objects of systems that send snapshots: the last revision and its watched fields, JSON.
CREATE TABLE source_states ${ON_CLUSTER}
(
    state_key String,
    version   UInt64,
    snapshot  String,
    simulated UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY state_key
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
