-- Who calls whom through an interface: the services at both ends, from the traces of at most {sample:UInt8} calls of each kind and
-- caller of each interface since `since` (microseconds), always the same ones. The called one is the service whose span
-- hangs below the call; where it sends no spans, the peer that the call names.
SELECT interface, kind, service, called, count() AS calls
FROM (
    SELECT tupleElement(call, 1) AS interface, tupleElement(call, 2) AS kind, tupleElement(call, 3) AS service,
           tupleElement(arrayFirst(s -> tupleElement(s, 1) = tupleElement(call, 4), below), 2) AS below_it,
           if(below_it != '', below_it, tupleElement(call, 5)) AS called
    FROM (
        SELECT groupUniqArrayIf((toString(interface), toString(kind), toString(service), span_id, peer), interface != '' AND kind IN ('client', 'producer', 'internal')) AS found,
               groupUniqArrayIf((parent_span_id, toString(service)), kind IN ('server', 'consumer')) AS below
        FROM (
            SELECT trace_id, span_id, parent_span_id, interface, kind, service,
                   if(JSONExtractString(attributes, 'peer.service') != '', JSONExtractString(attributes, 'peer.service'), JSONExtractString(attributes, 'server.address')) AS peer
            FROM v_span_records
            WHERE trace_id IN (
                SELECT arrayJoin(arrayMap(one -> tupleElement(one, 2), sampled)) FROM (
                    SELECT groupArraySorted({sample:UInt8})((cityHash64(trace_id), trace_id)) AS sampled
                    FROM v_call_records WHERE start > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
                    GROUP BY interface, kind, service))
        )
        GROUP BY trace_id
    )
    ARRAY JOIN found AS call
)
GROUP BY interface, kind, service, called
ORDER BY interface, kind, calls DESC, service, called
