-- Published figures: what people quote of closed intervals, and what became of it since. All of this is history: it tells
-- what was said when. Times of parts are the instants that decide to which interval they belong.

-- What each case and each document of the ledger adds to figures, as last looked at. One that adds nothing any more is `gone`.
CREATE TABLE figure_parts ${ON_CLUSTER}
(
    process    LowCardinality(String),            -- '' for documents of the ledger
    id         String,                            -- the case, or document type/id/line
    kind       LowCardinality(String),            -- opened | ended | decided | stopped | money
    name       LowCardinality(String),            -- the SLA, or spend/<stage> and labour/<stage>
    version    UInt64,
    seen       UInt64,                            -- the version of the case's or the ledger's row it was read from
    gone       UInt8,
    at         DateTime64(6, 'UTC'),
    facility   LowCardinality(String),
    verdict    LowCardinality(String),            -- met | breached, opened, or the outcome
    net_us     Int64,
    gross_us   Int64,
    currency   LowCardinality(String),
    amount     String,
    hours      String,
    event_id   String,                            -- documents: the event whose amount counts
    definition LowCardinality(String),            -- version and content of the definition the case followed
    simulated  UInt8,
    content    UInt64,                            -- a hash of what is counted
    INDEX by_time at TYPE minmax GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, id, kind, name)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

-- Each change of a part that an interval already closed holds: what it was, what it is, and why.
CREATE TABLE figure_changes ${ON_CLUSTER}
(
    process         LowCardinality(String),
    id              String,
    kind            LowCardinality(String),
    name            LowCardinality(String),
    seen_before     UInt64,
    version         UInt64,
    noticed         DateTime64(6, 'UTC'),
    causes          Array(LowCardinality(String)),
    event_ids       Array(String),
    late_us         Int64,                        -- how long after it happened the latest of them was taken in
    detail          String,
    before_at       Nullable(DateTime64(6, 'UTC')),   -- null: it did not count
    before_facility LowCardinality(String),
    before_currency LowCardinality(String),
    before_said     String,
    after_at        Nullable(DateTime64(6, 'UTC')),
    after_facility  LowCardinality(String),
    after_currency  LowCardinality(String),
    after_said      String,
    case_processes  Array(LowCardinality(String)),
    case_ids        Array(String),
    simulated       UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (process, id, kind, name, seen_before)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- The figures of closed intervals as they stand now; `revision` counts how often they were restated.
CREATE TABLE published_figures ${ON_CLUSTER}
(
    figure    LowCardinality(String),             -- sla | cases | money
    process   LowCardinality(String),
    name      LowCardinality(String),             -- the SLA, spend/<stage>, labour/<stage>, or ''
    facility  LowCardinality(String),             -- '' for all
    currency  LowCardinality(String),
    unit      LowCardinality(String),             -- day | week | month
    start     String,                             -- its first day, YYYY-MM-DD
    version   UInt64,
    revision  UInt32,
    said      String,                             -- JSON object of numbers as text, durations in microseconds
    zone      LowCardinality(String),
    simulated UInt8,
    published DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (figure, process, name, facility, currency, unit, start)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Each change of a published figure: both values, and the why.
CREATE TABLE figure_restatements ${ON_CLUSTER}
(
    figure         LowCardinality(String),
    process        LowCardinality(String),
    name           LowCardinality(String),
    facility       LowCardinality(String),
    currency       LowCardinality(String),
    unit           LowCardinality(String),
    start          String,
    revision       UInt32,
    version        UInt64,
    noticed        DateTime64(6, 'UTC'),
    before         String,                        -- '{}': the interval held nothing of the kind
    after          String,
    causes         Array(LowCardinality(String)),
    cause_counts   Array(UInt32),                 -- how many cases or documents changed by each
    changes        UInt32,
    event_ids      Array(String),                 -- at most 100, as the cases; all are in figure_changes
    case_processes Array(LowCardinality(String)),
    case_ids       Array(String),
    late_us        Int64,
    detail         String,
    simulated      UInt8
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (figure, process, name, facility, currency, unit, start, revision)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- How far publishing is: the first day of the last closed interval of each scope and unit, and the last settled round.
CREATE TABLE figure_marks ${ON_CLUSTER}
(
    scope   String,                               -- cases/<process> | money | settled | zone
    unit    LowCardinality(String),
    version UInt64,
    through String
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (scope, unit)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

CREATE VIEW v_figure_parts ${ON_CLUSTER} AS SELECT * EXCEPT (version, seen, gone, content) FROM figure_parts FINAL WHERE gone = 0;
CREATE VIEW v_figure_changes ${ON_CLUSTER} AS SELECT * EXCEPT (version, seen_before) FROM figure_changes FINAL;
CREATE VIEW v_published_figures ${ON_CLUSTER} AS SELECT * EXCEPT version FROM published_figures FINAL;
CREATE VIEW v_figure_restatements ${ON_CLUSTER} AS SELECT * EXCEPT version FROM figure_restatements FINAL;
