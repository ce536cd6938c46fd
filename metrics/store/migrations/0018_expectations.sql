-- What a case is expected to tell: a milestone that should be heard of within a time after another. It stands in the
-- case's row beside the clocks. When something of a case falls due next stands there too, so that a worker can keep
-- the timers of cases that it does not hold in memory.
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.name` Array(LowCardinality(String)) AFTER `deviation.count`;
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.status` Array(LowCardinality(String)) AFTER `expect.name`; -- awaited | seen | unseen | late | cancelled
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.since` Array(DateTime64(6, 'UTC')) AFTER `expect.status`;
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.due` Array(Nullable(DateTime64(6, 'UTC'))) AFTER `expect.since`; -- null while its clock stands still
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.seen` Array(Nullable(DateTime64(6, 'UTC'))) AFTER `expect.due`;
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.told_by` Array(LowCardinality(String)) AFTER `expect.seen`; -- the system or interface that should have told it
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `expect.owner` Array(LowCardinality(String)) AFTER `expect.told_by`;
-- Microseconds since 1970; the greatest number: never; the smallest, which rows of earlier releases have: not known.
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS next_due Int64 DEFAULT -9223372036854775808 AFTER `expect.owner`;

-- Each change of an expectation's status, with who decided it: an event, or the passing of its due.
CREATE TABLE expectation_transitions ${ON_CLUSTER}
(
    process     LowCardinality(String),
    case_id     String,
    expectation LowCardinality(String),
    status      LowCardinality(String),
    at          DateTime64(6, 'UTC'),              -- for unseen: its due
    cause       LowCardinality(String),            -- event | timer
    revision    UInt32,
    version     UInt64,
    noticed     DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id, expectation, status, at, revision)
TTL toDateTime(noticed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE OR REPLACE VIEW v_cases ${ON_CLUSTER} AS
SELECT * EXCEPT (checkpoint, version, shard, next_due) FROM cases FINAL;

CREATE VIEW v_expectations ${ON_CLUSTER} AS
SELECT process, case_id, feed, facility, department, amount, currency, state, cases.status AS case_status, simulated,
       expectation, expect_status AS status, since, due, seen, told_by, expect_owner AS owner
FROM cases FINAL
ARRAY JOIN `expect.name` AS expectation, `expect.status` AS expect_status, `expect.since` AS since, `expect.due` AS due,
           `expect.seen` AS seen, `expect.told_by` AS told_by, `expect.owner` AS expect_owner;

CREATE VIEW v_expectation_transitions ${ON_CLUSTER} AS SELECT * EXCEPT version FROM expectation_transitions FINAL;
