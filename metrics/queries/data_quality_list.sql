-- Exceptions of data quality as rows of one shape, those that need work first, then newest first; one page of them.
-- `kind` is '' for all kinds but late and unlinked events, which are many and come only when asked for.
-- Systems of sources are found by prefix in `prefixes`, `systems`, after which a word ends (as `Domains.system_of` has it).
-- `state` is '' for what needs work, 'all', or a status. Owners are those of `domains`, `owners`; the domain of an event is
-- that of its first object's type in `types`, `type_domains`.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT id, kind, domain, owner, subject_type, subject_id, detail, systems, status, toUnixTimestamp64Micro(opened) AS opened_us,
       toUnixTimestamp64Micro(healed) AS healed_us, simulated, count() OVER () AS total
FROM (
    SELECT concat('finding:', finding_id) AS id, toString(kind) AS kind, toString(domain) AS domain, toString(owner) AS owner,
           toString(subject_type) AS subject_type, subject_id, detail,
           arrayFilter(s -> s != '', arrayDistinct(arrayPushBack(systems, if(kind = 'guard', '', toString(target))))) AS systems, toString(status) AS status,
           opened, healed, simulated
    FROM v_quality_findings
    WHERE {kind:String} IN ('', toString(kind))
    UNION ALL
    SELECT concat('contract:', source, '|', type, '|', code, '|', member) AS id, 'contract' AS kind, toString(domain) AS domain,
           transform(toString(domain), {domains:Array(String)}, {owners:Array(String)}, '') AS owner, 'event_type' AS subject_type,
           toString(type) AS subject_id, detail, [coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                       if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source)))] AS systems,
           if(last > as_of - INTERVAL 7 DAY, 'open', 'quiet') AS status, first AS opened, NULL AS healed, simulated
    FROM v_contract_breaches WHERE {kind:String} IN ('', 'contract')
    UNION ALL
    SELECT concat('file:', if(content = '', name, content)) AS id, 'file' AS kind, '' AS domain, '' AS owner, 'file' AS subject_type,
           name AS subject_id, reason AS detail, [toString(system)] AS systems, 'open' AS status, seen AS opened, NULL AS healed, simulated
    FROM v_file_exceptions WHERE {kind:String} IN ('', 'file')
    UNION ALL
    SELECT concat('event:', event_id) AS id, 'late' AS kind, '' AS domain, '' AS owner, 'case' AS subject_type, case_id AS subject_id,
           concat('An event of ', formatDateTime(time, '%F %T'), ' came when its case had gone on to ', formatDateTime(case_time, '%F %T'), ' (UTC)') AS detail,
           [] AS systems, 'open' AS status, noticed AS opened, NULL AS healed, 0 AS simulated
    FROM v_late_events WHERE {kind:String} = 'late'
    UNION ALL
    SELECT concat('event:', event_id) AS id, 'unlinked' AS kind,
           transform(toString(object_types[1]), {types:Array(String)}, {type_domains:Array(String)}, '') AS domain,
           transform(domain, {domains:Array(String)}, {owners:Array(String)}, '') AS owner, toString(object_types[1]) AS subject_type,
           object_ids[1] AS subject_id, concat('No case claims this event: ', activity) AS detail, [coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                       if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source)))] AS systems,
           'open' AS status, time AS opened, NULL AS healed, simulated
    FROM v_unlinked_listed WHERE {kind:String} = 'unlinked'
)
WHERE ({domain:String} = '' OR domain = {domain:String})
  AND ({owner:String} = '' OR owner = {owner:String})
  AND ({system:String} = '' OR has(systems, {system:String}))
  AND multiIf({state:String} = 'all', 1, {state:String} = '', status IN ('open', 'acknowledged'), status = {state:String})
ORDER BY status IN ('open', 'acknowledged') DESC, opened DESC, id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
