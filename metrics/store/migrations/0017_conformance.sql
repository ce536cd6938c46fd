-- How a case deviates from the way that its definition says, judged when it is folded. The arrays stand in the case's row,
-- so that what the newest folding lacks does not exist; `conformance_rules` is how many rules it was judged by (0: none).

ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS conformance_rules UInt16 AFTER `clock.pauses`;
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.kind` Array(LowCardinality(String)) AFTER `conformance_rules`;      -- missing | extra | wrong_order | rework
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.rule` Array(LowCardinality(String)) AFTER `deviation.kind`;      -- as written: po_issued after po_approved each purchase_order
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.milestone` Array(LowCardinality(String)) AFTER `deviation.rule`; -- the step that broke it
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.object` Array(String) AFTER `deviation.milestone`;                    -- '' where the case is judged as a whole
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.at` Array(DateTime64(6, 'UTC')) AFTER `deviation.object`;          -- of the first event that broke it
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.event_id` Array(String) AFTER `deviation.at`;
ALTER TABLE cases ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS `deviation.count` Array(UInt32) AFTER `deviation.event_id`;                     -- so many events broke it

CREATE OR REPLACE VIEW v_cases ${ON_CLUSTER} AS
SELECT * EXCEPT (checkpoint, version, shard) FROM cases FINAL;

CREATE VIEW v_deviations ${ON_CLUSTER} AS
SELECT process, case_id, definition_version, facility, department, owner, amount, currency, cases.status AS case_status, simulated,
       kind, rule, milestone, object, at, event_id, deviation_count AS count
FROM cases FINAL
ARRAY JOIN `deviation.kind` AS kind, `deviation.rule` AS rule, `deviation.milestone` AS milestone, `deviation.object` AS object,
           `deviation.at` AS at, `deviation.event_id` AS event_id, `deviation.count` AS deviation_count;

-- Fitness: the share of a process's cases that go as its definition says. A case that has not ended may still deviate.
CREATE VIEW v_conformance ${ON_CLUSTER} AS
SELECT process, definition_version, facility, department, simulated,
       count() AS cases, countIf(empty(`deviation.kind`)) AS conforming,
       countIf(status = 'closed') AS ended, countIf(status = 'closed' AND empty(`deviation.kind`)) AS ended_conforming
FROM cases FINAL
WHERE conformance_rules > 0
GROUP BY process, definition_version, facility, department, simulated;

-- History: when a deviation was first seen, became another kind, or was taken back because a late event healed it.
CREATE TABLE deviation_changes ${ON_CLUSTER}
(
    process    LowCardinality(String),
    case_id    String,
    rule       LowCardinality(String),
    milestone  LowCardinality(String),
    object     String,
    event_id   String,                            -- of the deviation
    kind       LowCardinality(String),            -- as it is now; withdrawn: as it was
    change     LowCardinality(String),            -- found | changed | withdrawn
    at         DateTime64(6, 'UTC'),              -- of the deviation
    cause      String,                            -- the late event with which the case was folded again, '' if none was
    revision   UInt32,
    version    UInt64,
    noticed    DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, case_id, rule, milestone, object, event_id, kind, change, revision)
TTL toDateTime(noticed) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_deviation_changes ${ON_CLUSTER} AS SELECT * EXCEPT version FROM deviation_changes FINAL;
