-- Data quality: what systems said about business objects, and what follows from it.

-- One row a fact: that a system told a field's value, changed a record, showed it, named another object. kind: told | change |
-- seen | known | named | alias | mark | member | gone. `value` is never a bank account, a tax number or a name: those are
-- fingerprints. `known` and `named` keep the earliest event alone (event_id is '' in the key, `proof` names the event).
CREATE TABLE quality_facts ${ON_CLUSTER}
(
    subject_type LowCardinality(String),
    subject_id   String,
    kind         LowCardinality(String),
    field        LowCardinality(String),
    system       LowCardinality(String),
    event_id     String,
    value        String,
    version      UInt64,
    proof        String,
    time         DateTime64(6, 'UTC'),
    since        DateTime64(6, 'UTC'),           -- from when it holds: the time, or the later effective date
    feed         LowCardinality(String),
    simulated    UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (subject_type, subject_id, kind, field, system, event_id, value)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- One row an exception of data quality; withdrawn = 1: what came since proves that it never was one.
CREATE TABLE quality_findings ${ON_CLUSTER}
(
    subject_type LowCardinality(String),
    anchor       String,                          -- the object judged; of a duplicate: rule and fingerprint
    finding_id   String,                          -- 16 hex digits of kind, anchor, field and target
    version      UInt64,
    withdrawn    UInt8,
    kind         LowCardinality(String),          -- propagation | contradiction | duplicate | unmapped | missing_reference
    domain       LowCardinality(String),
    owner        LowCardinality(String),          -- as domains.yaml says
    subject_id   String,                          -- of a duplicate: the smallest number
    field        LowCardinality(String),          -- field, field group, rule of duplicates, or type of the naming object
    target       LowCardinality(String),          -- of a propagation: the system that has not seen the change
    said         String,                          -- JSON [{system, object, value, time}]: who said what; time in microseconds
    detail       String,                          -- a sentence for people
    state        LowCardinality(String),          -- open | healed
    opened       DateTime64(6, 'UTC'),            -- event time; of a propagation: the end of what is accepted
    healed       Nullable(DateTime64(6, 'UTC')),
    episodes     UInt32,                          -- how often it was open
    proof        String,                          -- id of the event that opened it
    simulated    UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (subject_type, anchor, finding_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- One row a change in a system of record and a target that should see it.
CREATE TABLE quality_hops ${ON_CLUSTER}
(
    subject_type  LowCardinality(String),
    subject_id    String,
    field_group   LowCardinality(String),
    target        LowCardinality(String),
    event_id      String,                         -- of the change
    version       UInt64,
    withdrawn     UInt8,
    domain        LowCardinality(String),
    system        LowCardinality(String),         -- of record
    state         LowCardinality(String),         -- pending | in_time | late | missing | cancelled
    changed       DateTime64(6, 'UTC'),
    due           DateTime64(6, 'UTC'),
    accepted_us   Int64,
    seen          Nullable(DateTime64(6, 'UTC')),
    seen_event_id String,
    feed          LowCardinality(String),
    simulated     UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (subject_type, subject_id, field_group, target, event_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- History: when each change of a finding was noticed.
CREATE TABLE quality_transitions ${ON_CLUSTER}
(
    finding_id String,
    state      LowCardinality(String),            -- open | healed | withdrawn
    at         DateTime64(6, 'UTC'),              -- event time
    detail     String,
    noticed    DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (finding_id, at, state)
TTL toDateTime(noticed) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- History: what people did with findings. Rows are only ever added; no recomputation touches them.
CREATE TABLE quality_actions ${ON_CLUSTER}
(
    finding_id String,
    action_id  String,
    action     LowCardinality(String),            -- acknowledged | resolved | reopened | assigned | commented
    opened     DateTime64(6, 'UTC'),              -- the episode it was about: a finding that opens again is not resolved
    owner      String,                            -- of assigned: to whom
    comment    String,
    actor      String,
    at         DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (finding_id, at, action_id)
TTL toDateTime(at) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- What each partition of the events said of its feeds: the present by which targets are judged. Of the feed '' it says up
-- to which moment the partition is complete (newest).
CREATE TABLE quality_tides ${ON_CLUSTER}
(
    partition UInt32,
    feed      LowCardinality(String),
    version   UInt64,
    phase     LowCardinality(String),
    newest    DateTime64(6, 'UTC'),               -- event time
    systems   String                              -- JSON list: the systems whose events the feed carries here
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (partition, feed)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- When an object has to be looked at again although nothing arrives.
CREATE TABLE quality_wakes ${ON_CLUSTER}
(
    subject_type LowCardinality(String),
    subject_id   String,
    version      UInt64,
    wakes        String                           -- JSON [[due in microseconds, feed, system], ...]; [] when nothing is pending
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (subject_type, subject_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_quality_facts ${ON_CLUSTER} AS
SELECT * EXCEPT version FROM quality_facts FINAL;

-- status: open | acknowledged | resolved | healed. What people did counts for the episode they did it in.
CREATE VIEW v_quality_findings ${ON_CLUSTER} AS
SELECT found.finding_id AS finding_id, kind, domain, if(assigned.new_owner = '', found.owner, assigned.new_owner) AS owner,
       found.owner AS domain_owner, subject_type, subject_id, field, target,
       tupleElement(told, 'system') AS `said.system`, tupleElement(told, 'object') AS `said.object`,
       tupleElement(told, 'value') AS `said.value`, arrayMap(at -> fromUnixTimestamp64Micro(at, 'UTC'), tupleElement(told, 'time')) AS `said.time`,
       arrayDistinct(`said.system`) AS systems, arrayDistinct(`said.object`) AS objects, detail, state,
       multiIf(state = 'healed', 'healed', decided.last_action IN ('resolved', 'acknowledged'), decided.last_action, 'open') AS status,
       found.opened AS opened, healed, episodes, proof, decided.last_actor AS actor, decided.acted AS acted,
       remark.last_comment AS comment, simulated
FROM (SELECT *, JSONExtract(said, 'Array(Tuple(system String, object String, value String, time Int64))') AS told
      FROM quality_findings FINAL WHERE withdrawn = 0) AS found
LEFT JOIN (SELECT finding_id, argMax(owner, (at, action_id)) AS new_owner FROM quality_actions FINAL
           WHERE action = 'assigned' GROUP BY finding_id) AS assigned ON assigned.finding_id = found.finding_id
LEFT JOIN (SELECT finding_id, opened, argMax(action, (at, action_id)) AS last_action,
                  argMax(actor, (at, action_id)) AS last_actor, max(at) AS acted FROM quality_actions FINAL
           WHERE action IN ('acknowledged', 'resolved', 'reopened') GROUP BY finding_id, opened) AS decided
       ON decided.finding_id = found.finding_id AND decided.opened = found.opened
LEFT JOIN (SELECT finding_id, argMax(comment, (at, action_id)) AS last_comment FROM quality_actions FINAL
           WHERE comment != '' GROUP BY finding_id) AS remark ON remark.finding_id = found.finding_id;

-- What happened to a finding, what the events did and what people did, by time.
CREATE VIEW v_quality_history ${ON_CLUSTER} AS
SELECT finding_id, at, state AS what, '' AS actor, '' AS owner, detail AS comment, noticed FROM quality_transitions FINAL
UNION ALL
SELECT finding_id, at, action AS what, actor, owner, comment, at AS noticed FROM quality_actions FINAL;

CREATE VIEW v_quality_hops ${ON_CLUSTER} AS
SELECT * EXCEPT (version, withdrawn), dateDiff('microsecond', changed, seen) AS latency_us
FROM quality_hops FINAL WHERE withdrawn = 0;

-- Propagation latency of each hop. decided: those of which it is known whether the target saw them in time.
CREATE VIEW v_quality_latency ${ON_CLUSTER} AS
SELECT domain, subject_type, field_group, system, target, simulated, max(accepted_us) AS accepted_us, count() AS changes,
       countIf(state = 'pending') AS pending, countIf(state = 'missing') AS missing, countIf(state = 'late') AS late,
       countIf(state IN ('in_time', 'late', 'missing')) AS decided,
       if(decided = 0, NULL, countIf(state = 'in_time') / decided) AS share_within,
       quantileExactIf(0.5)(latency_us, seen IS NOT NULL) AS median_us,
       quantileExactIf(0.9)(latency_us, seen IS NOT NULL) AS p90_us, max(changed) AS last_changed
FROM v_quality_hops
GROUP BY domain, subject_type, field_group, system, target, simulated;

CREATE VIEW v_quality_counts ${ON_CLUSTER} AS
SELECT domain, kind, status, simulated, count() AS findings, min(opened) AS oldest, max(opened) AS newest
FROM v_quality_findings
GROUP BY domain, kind, status, simulated;
