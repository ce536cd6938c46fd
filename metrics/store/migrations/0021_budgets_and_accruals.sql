-- Budgets belong to the month they are for, not to the day they were decided; a cost centre's budgets tell its legal entity; and
-- what was received and not billed yet is derived from the settled ledger.
ALTER TABLE ledger_postings ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS effective_date LowCardinality(String);

-- As before, and a document whose events tell its own date (`effective_date`) stands on that day.
CREATE OR REPLACE VIEW v_ledger_documents ${ON_CLUSTER} AS
SELECT stage, document_type, document_id, line,
       argMax(event_id, at) AS event_id,
       toUnixTimestamp64Micro(ifNull(toDateTime64(toDate32OrNull(argMaxIf(effective_date, at, effective_date != '')), 6, 'UTC'),
                                     minIf(told, verb = 'post'))) AS first_us,
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
           effective_date, delivery, arrayZip(named_types, named_ids) AS named, aliases, simulated
    FROM (
        SELECT * FROM ledger_postings
        ORDER BY document_type, document_id, stage, line, event_id, origin, position
        LIMIT 1 BY document_type, document_id, stage, line, event_id
    )
)
GROUP BY document_type, document_id, stage, line
HAVING argMax(verb, at) != 'cancel' AND countIf(verb = 'post') > 0;

-- As before, and a document without a legal entity has that of its cost centre, where all budgets of it agree.
CREATE OR REPLACE VIEW v_ledger_derived ${ON_CLUSTER} AS
SELECT b.stage AS stage, b.document_type AS document_type, b.document_id AS document_id, b.line AS line, b.event_id AS event_id,
       b.first_us AS first_us, b.labour AS labour, if(b.legal_entity != '', b.legal_entity, e.legal_entity) AS legal_entity,
       b.facility AS facility, b.department AS department, b.cost_center AS cost_center, b.supplier AS supplier, b.category AS category,
       b.process AS process, b.cases AS cases, b.named AS named, b.currency AS currency, b.amount AS amount, b.valued AS valued,
       b.hours AS hours, b.simulated AS simulated
FROM (
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
                  SELECT stage, document_type, alias FROM ledger_postings ARRAY JOIN aliases AS alias WHERE document_id > alias))
) AS b
LEFT JOIN (
    SELECT center, if(uniqExact(entity) = 1, any(entity), '') AS legal_entity
    FROM (SELECT toString(cost_center) AS center, toString(legal_entity) AS entity FROM ledger_postings
          WHERE document_type IN ('budget', 'labour_budget') AND cost_center != '' AND legal_entity != '')
    GROUP BY center
) AS e ON e.center = b.cost_center;

-- Standing receipts and invoices with the orders they name, each order by the name it has for itself.
CREATE VIEW v_ledger_order_documents ${ON_CLUSTER} AS
SELECT stage, document_type, document_id, line, at, currency, amount, arraySort(groupUniqArrayIf(own, own != '')) AS orders
FROM (
    SELECT r.stage AS stage, r.document_type AS document_type, r.document_id AS document_id, r.line AS line, r.at AS at,
           r.currency AS currency, r.amount AS amount, if(n.own = '', r.name, n.own) AS own
    FROM (
        SELECT toString(stage) AS stage, toString(document_type) AS document_type, document_id, line, toUnixTimestamp64Micro(time) AS at,
               toString(currency) AS currency, if(abs(amount) < 1000000000000000, amount, NULL) AS amount,
               arrayJoin(arrayPushBack(arrayMap(n -> n.2, arrayFilter(n -> n.1 = 'purchase_order', arrayZip(named_types, named_ids))), '')) AS name
        FROM v_ledger WHERE stage IN ('received', 'invoiced')
    ) AS r
    LEFT JOIN (
        SELECT alias AS name, min(document_id) AS own
        FROM ledger_postings ARRAY JOIN aliases AS alias WHERE document_type = 'purchase_order'
        GROUP BY name HAVING uniqExact(document_id) = 1
    ) AS n ON n.name = r.name
)
GROUP BY stage, document_type, document_id, line, at, currency, amount;

-- What invoices bill of each order. An invoice over several orders is shared out by what was received on them, to the cent, the
-- last order taking what is left.
CREATE VIEW v_ledger_billed ${ON_CLUSTER} AS
SELECT name, currency, sum(share) AS billed
FROM (
    SELECT i.name AS name, i.currency AS currency, toDecimal256(i.amount, 9) AS whole, r.worth AS worth,
           sum(r.worth) OVER (PARTITION BY i.document_id, i.line, i.currency) AS total,
           sum(r.worth) OVER (PARTITION BY i.document_id, i.line, i.currency ORDER BY i.name
                              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upto,
           if(upto = total, whole, toDecimal256(round(whole * upto / total, 2), 9))
               - toDecimal256(round(whole * (upto - worth) / total, 2), 9) AS share
    FROM (
        SELECT document_id, line, currency, assumeNotNull(amount) AS amount, arrayJoin(orders) AS name
        FROM v_ledger_order_documents WHERE stage = 'invoiced' AND amount IS NOT NULL
    ) AS i
    INNER JOIN (
        SELECT orders[1] AS name, currency, sum(toDecimal256(assumeNotNull(amount), 9)) AS worth
        FROM v_ledger_order_documents WHERE stage = 'received' AND length(orders) = 1 AND amount > 0
        GROUP BY name, currency
    ) AS r ON r.name = i.name AND r.currency = i.currency
)
GROUP BY name, currency;

-- What was received and not billed yet: each receipt line with the part of its worth that no invoice covers. An order owes what its
-- receipts are worth less what invoices that name it bill, never less than nothing; what was received first is billed first. A
-- receipt that cannot be held against invoices (no worth, or not one order) is here without an amount until one names its order.
CREATE VIEW v_ledger_accrued ${ON_CLUSTER} AS
SELECT 'accrued' AS stage, toString(l.document_type) AS document_type, l.document_id AS document_id, l.line AS line,
       l.event_id AS event_id, toUnixTimestamp64Micro(l.time) AS first_us, l.labour AS labour,
       toString(l.legal_entity) AS legal_entity, toString(l.facility) AS facility, toString(l.department) AS department,
       toString(l.cost_center) AS cost_center, toString(l.supplier) AS supplier, toString(l.category) AS category,
       toString(l.process) AS process, arrayZip(arrayMap(p -> toString(p), l.case_processes), l.case_ids) AS cases,
       arrayZip(arrayMap(t -> toString(t), l.named_types), l.named_ids) AS named,
       toString(l.currency) AS currency, if(o.counts, toString(o.part), '') AS amount, l.valued AS valued, '' AS hours,
       l.simulated AS simulated
FROM (SELECT * FROM v_ledger WHERE stage = 'received') AS l
INNER JOIN (
    SELECT r.document_type AS document_type, r.document_id AS document_id, r.line AS line, r.counts AS counts,
           greatest(r.received - ifNull(b.billed, toDecimal256(0, 9)), toDecimal256(0, 9)) AS owed,
           least(greatest(owed - (r.newer - r.positive), toDecimal256(0, 9)), r.positive) AS part
    FROM (
        SELECT document_type, document_id, line, currency, orders, orders[1] AS name, length(orders) = 1 AND amount IS NOT NULL AS counts,
               if(counts, toDecimal256(ifNull(amount, 0), 9), toDecimal256(0, 9)) AS worth, greatest(worth, toDecimal256(0, 9)) AS positive,
               sum(worth) OVER (PARTITION BY name, currency) AS received,
               sum(positive) OVER (PARTITION BY name, currency ORDER BY at DESC, document_id DESC, line DESC
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS newer
        FROM v_ledger_order_documents WHERE stage = 'received'
    ) AS r
    LEFT JOIN v_ledger_billed AS b ON b.name = r.name AND b.currency = r.currency
    WHERE if(r.counts, part > 0, NOT hasAny(r.orders, (
        SELECT groupUniqArrayArray(orders) FROM v_ledger_order_documents WHERE stage = 'invoiced')))
) AS o ON o.document_type = l.document_type AND o.document_id = l.document_id AND o.line = l.line;
