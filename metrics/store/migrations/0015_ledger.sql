-- The ledger: what each event says about the money and hours of a document, by the rules of ledger.yaml. A posting is a
-- function of its event alone; which amount of a document counts follows from the set of its postings, in the views below.
CREATE TABLE ledger_postings ${ON_CLUSTER}
(
    stage         LowCardinality(String),
    document_type LowCardinality(String),
    document_id   String,
    line          String,
    event_id      String,
    origin        LowCardinality(String),
    position      UInt64,
    verb          LowCardinality(String),
    time          DateTime64(6, 'UTC'),
    sequence      UInt64,
    labour        UInt8,
    yields_to     LowCardinality(String),
    legal_entity  LowCardinality(String),
    facility      LowCardinality(String),
    department    LowCardinality(String),
    cost_center   LowCardinality(String),
    supplier      LowCardinality(String),
    category      LowCardinality(String),
    currency      LowCardinality(String),
    amount        String,
    hours         String,
    delivery      LowCardinality(String),
    named_types   Array(LowCardinality(String)),
    named_ids     Array(String),
    aliases       Array(String),
    simulated     UInt8,
    ingested      DateTime64(6, 'UTC')
)
ENGINE = ${REPLICATED}ReplacingMergeTree
ORDER BY (document_type, document_id, stage, line, event_id, origin, position)
TTL toDateTime(ingested) + INTERVAL 1100 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

-- One row a document, stage and line that stands. Of an event received under several positions the first counts; of the
-- events the newest by (time, sequence, id) decides, each value by the newest that tells it.
CREATE VIEW v_ledger_documents ${ON_CLUSTER} AS
SELECT stage, document_type, document_id, line,
       argMax(event_id, at) AS event_id,
       toUnixTimestamp64Micro(minIf(told, verb = 'post')) AS first_us,
       max(labour) AS labour, max(yields_to) AS yields_to,
       argMaxIf(legal_entity, at, legal_entity != '') AS legal_entity,
       argMaxIf(facility, at, facility != '') AS facility,
       argMaxIf(department, at, department != '') AS department,
       argMaxIf(cost_center, at, cost_center != '') AS cost_center,
       argMaxIf(supplier, at, supplier != '') AS supplier,
       argMaxIf(category, at, category != '') AS category,
       argMaxIf((currency, amount), at, amount != '') AS money,
       argMaxIf(hours, at, hours != '') AS hours,
       argMaxIf(delivery, at, delivery != '') AS delivery,
       arraySort(groupUniqArrayArray(named)) AS named,
       arraySort(groupUniqArrayArray(aliases)) AS aliases,
       max(simulated) AS simulated
FROM (
    SELECT stage, document_type, document_id, line, event_id, verb, time AS told,
           row_number() OVER (PARTITION BY document_type, document_id, stage, line ORDER BY time, sequence, event_id) AS at,
           labour, yields_to, legal_entity, facility, department, cost_center, supplier, category, currency, amount, hours,
           delivery, arrayZip(named_types, named_ids) AS named, aliases, simulated
    FROM (
        SELECT * FROM ledger_postings
        ORDER BY document_type, document_id, stage, line, event_id, origin, position
        LIMIT 1 BY document_type, document_id, stage, line, event_id
    )
)
GROUP BY document_type, document_id, stage, line
HAVING argMax(verb, at) != 'cancel' AND countIf(verb = 'post') > 0;

-- What the documents of a case's own object say of their place, for documents that belong to one case or to several of the
-- same place: '' where they differ or say nothing. `cases` are at most ten.
CREATE VIEW v_ledger_places ${ON_CLUSTER} AS
SELECT object_type, object_id, arraySlice(arraySort(groupUniqArray((links.process, links.case_id))), 1, 10) AS cases,
       if(uniqExact(links.process) = 1, any(links.process), '') AS process,
       if(uniqExact(own.legal_entity) = 1, any(own.legal_entity), '') AS legal_entity,
       if(uniqExact(own.facility) = 1, any(own.facility), '') AS facility,
       if(uniqExact(own.department) = 1, any(own.department), '') AS department,
       if(uniqExact(own.cost_center) = 1, any(own.cost_center), '') AS cost_center,
       if(uniqExact(own.category) = 1, any(own.category), '') AS category
FROM (
    SELECT toString(object_type) AS object_type, object_id, toString(process) AS process, toString(case_type) AS case_type, case_id
    FROM objects FINAL
    ARRAY JOIN `link.process` AS process, `link.case_type` AS case_type, `link.case_id` AS case_id, `link.kept` AS kept
    WHERE kept AND object_type IN (SELECT DISTINCT document_type FROM ledger_postings)
    GROUP BY object_type, object_id, process, case_type, case_id
) AS links
LEFT JOIN (
    SELECT toString(document_type) AS document_type, document_id,
           toString(argMaxIf(legal_entity, (time, sequence, event_id), legal_entity != '')) AS legal_entity,
           toString(argMaxIf(facility, (time, sequence, event_id), facility != '')) AS facility,
           toString(argMaxIf(department, (time, sequence, event_id), department != '')) AS department,
           toString(argMaxIf(cost_center, (time, sequence, event_id), cost_center != '')) AS cost_center,
           toString(argMaxIf(category, (time, sequence, event_id), category != '')) AS category
    FROM ledger_postings
    WHERE stage = 'requested'
    GROUP BY document_type, document_id
) AS own ON own.document_type = links.case_type AND own.document_id = links.case_id
GROUP BY object_type, object_id;

-- What a receipt without an amount is worth: the receipt that completes an order is worth what the order's other receipts
-- leave of it. An order is known by its id or by another name of it.
CREATE VIEW v_ledger_receipts ${ON_CLUSTER} AS
SELECT r.receipt.1 AS document_id, r.receipt.2 AS line, o.currency AS currency, o.amount - r.known AS amount
FROM (
    SELECT named_order, argMaxIf((document_id, line), (first_us, document_id, line), delivery = 'complete' AND money.2 = '') AS receipt,
           sum(toDecimal128OrZero(money.2, 9)) AS known, groupUniqArrayIf(money.1, money.2 != '') AS currencies
    FROM (
        SELECT *, arrayFilter(n -> n.1 = 'purchase_order', named) AS orders, orders[1].2 AS named_order
        FROM v_ledger_documents WHERE stage = 'received' AND length(orders) = 1
    )
    GROUP BY named_order
    HAVING receipt.1 != ''
) AS r
INNER JOIN (
    SELECT name, any(currency) AS currency, any(amount) AS amount
    FROM (
        SELECT document_id, aliases, toString(money.1) AS currency, toDecimal128OrNull(money.2, 9) AS amount
        FROM v_ledger_documents WHERE stage = 'committed' AND document_type = 'purchase_order' AND money.2 != ''
    ) ARRAY JOIN arrayDistinct(arrayPushBack(aliases, document_id)) AS name
    GROUP BY name
    HAVING uniqExact(document_id) = 1
) AS o ON o.name = r.named_order
WHERE empty(arrayFilter(c -> c != o.currency, r.currencies));

-- The ledger as it follows from all postings: one row a document, stage and line that stands, with its place; texts are '' where
-- nobody tells. A document yields to one that names it (`yields_to`), and to one of its type that calls it another name of itself.
CREATE VIEW v_ledger_derived ${ON_CLUSTER} AS
SELECT toString(d.stage) AS stage, toString(d.document_type) AS document_type, d.document_id AS document_id, d.line AS line,
       d.event_id AS event_id, d.first_us AS first_us, d.labour AS labour,
       toString(if(d.legal_entity != '', d.legal_entity, p.legal_entity)) AS legal_entity,
       toString(if(d.facility != '', d.facility, p.facility)) AS facility,
       toString(if(d.department != '', d.department, p.department)) AS department,
       toString(if(d.cost_center != '', d.cost_center, p.cost_center)) AS cost_center,
       toString(if(d.supplier != '', d.supplier, s.supplier)) AS supplier, toString(if(d.category != '', d.category, p.category)) AS category,
       p.process AS process, p.cases AS cases, arrayMap(n -> (toString(n.1), n.2), d.named) AS named,
       if(d.money.2 = '', v.currency, toString(d.money.1)) AS currency,
       if(d.money.2 = '', if(v.document_id = '', '', ifNull(toString(v.amount), '')), d.money.2) AS amount,
       toUInt8(d.money.2 = '' AND v.document_id != '') AS valued, d.hours AS hours, d.simulated AS simulated
FROM v_ledger_documents AS d
LEFT JOIN v_ledger_places AS p ON p.object_type = toString(d.document_type) AND p.object_id = d.document_id
LEFT JOIN v_ledger_receipts AS v ON d.stage = 'received' AND v.document_id = d.document_id AND v.line = d.line
LEFT JOIN (
    SELECT name, if(uniqExact(seller) = 1, any(seller), '') AS supplier
    FROM (
        SELECT document_id, aliases, toString(supplier) AS seller
        FROM v_ledger_documents WHERE stage = 'committed' AND document_type = 'purchase_order' AND supplier != ''
    ) ARRAY JOIN arrayPushBack(aliases, document_id) AS name
    GROUP BY name
) AS s ON s.name = if(arrayCount(n -> n.1 = 'purchase_order', d.named) = 1, arrayFirst(n -> n.1 = 'purchase_order', d.named).2, '')
WHERE (d.yields_to = '' OR (d.stage, d.yields_to, d.document_type, d.document_id) NOT IN (
          SELECT stage, document_type, named_type, named_id FROM ledger_postings
          ARRAY JOIN named_types AS named_type, named_ids AS named_id WHERE verb != 'cancel'))
  AND (d.stage, d.document_type, d.document_id) NOT IN (
          SELECT stage, document_type, alias FROM ledger_postings ARRAY JOIN aliases AS alias
          WHERE (stage, document_type, document_id) NOT IN (
              SELECT stage, document_type, alias FROM ledger_postings ARRAY JOIN aliases AS alias WHERE document_id > alias));

-- The ledger as last settled: what v_ledger_derived said, written down where it changed, so that pages read rows instead of
-- deriving them. `content` is a hash of the row; a document that stands no longer is `gone`.
CREATE TABLE ledger ${ON_CLUSTER}
(
    stage          LowCardinality(String),
    document_type  LowCardinality(String),
    document_id    String,
    line           String,
    version        UInt64,
    gone           UInt8,
    event_id       String,
    time           DateTime64(6, 'UTC'),
    labour         UInt8,
    legal_entity   LowCardinality(String),
    facility       LowCardinality(String),
    department     LowCardinality(String),
    cost_center    LowCardinality(String),
    supplier       LowCardinality(String),
    category       LowCardinality(String),
    process        LowCardinality(String),
    case_processes Array(LowCardinality(String)),
    case_ids       Array(String),
    named_types    Array(LowCardinality(String)),
    named_ids      Array(String),
    currency       LowCardinality(String),
    amount         String,
    valued         UInt8,
    hours          String,
    simulated      UInt8,
    content        UInt64
)
ENGINE = ${REPLICATED}ReplacingMergeTree(version)
ORDER BY (stage, document_type, document_id, line)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, min_bytes_for_wide_part = 268435456;

-- What pages, exports and people read. An amount of more than 29 digits before the point is NULL like one not told.
CREATE VIEW v_ledger ${ON_CLUSTER} AS
SELECT * EXCEPT (version, gone, content, amount, hours), toDecimal128OrNull(amount, 9) AS amount, toDecimal128OrNull(hours, 4) AS hours
FROM ledger FINAL WHERE gone = 0;

-- The same with what settling compares.
CREATE VIEW v_ledger_settled ${ON_CLUSTER} AS
SELECT toString(stage) AS stage, toString(document_type) AS document_type, document_id, line, gone, content FROM ledger FINAL;
