-- How long money takes from one stage to the next: the median, in microseconds, over documents that reached the later stage in the
-- period. Steps are followed through what later documents name: requisition → order → receipt and invoice → payment.
SELECT step, count() AS pairs, quantileExact(0.5)(to_us - from_us) AS median_us
FROM (
    SELECT side.1 AS step, minIf(first_us, side.2 = 'from') AS from_us, minIf(first_us, side.2 = 'to') AS to_us,
           countIf(side.2 = 'from') AS begun, countIf(side.2 = 'to') AS reached
    FROM (
        SELECT toUnixTimestamp64Micro(time) AS first_us,
               arrayZip(named_types, named_ids) AS named, arrayMap(n -> n.2, arrayFilter(n -> n.1 = 'purchase_order', named)) AS orders,
               multiIf(
                   stage = 'requested', [('committed', 'from', document_id)],
                   stage = 'committed', arrayPushFront(arrayMap(n -> ('committed', 'to', n.2), arrayFilter(n -> n.1 = 'requisition', named)),
                                                       ('received', 'from', document_id)),
                   stage = 'received', arrayConcat(arrayMap(o -> ('received', 'to', o), orders), arrayMap(o -> ('invoiced', 'from', o), orders)),
                   stage = 'invoiced', arrayPushFront(arrayMap(o -> ('invoiced', 'to', o), orders), ('paid', 'from', document_id)),
                   stage = 'paid', arrayMap(n -> ('paid', 'to', n.2), arrayFilter(n -> n.1 = 'invoice', named)),
                   stage = 'demand', [('approved', 'from', document_id)],
                   stage = 'approved', [('approved', 'to', document_id), ('assigned', 'from', document_id)],
                   stage = 'assigned', [('assigned', 'to', document_id)],
                   []) AS sides
        FROM v_ledger
        WHERE time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
          AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
          AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
          AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
          AND ({legal_entity:String} = '' OR legal_entity = if({legal_entity:String} = '?', '', {legal_entity:String}))
          AND ({booked:String} = '' OR process = if({booked:String} = '?', '', {booked:String}))
          AND ({supplier:String} = '' OR supplier = if({supplier:String} = '?', '', {supplier:String}) OR stage = 'requested')
    ) ARRAY JOIN sides AS side
    GROUP BY step, side.3
    HAVING begun > 0 AND reached > 0 AND to_us > {since:Int64}
)
GROUP BY step
ORDER BY step
