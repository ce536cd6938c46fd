-- Exceptions of data quality, those that opened last first; empty parameters choose nothing.
SELECT finding_id, kind, domain, owner, subject_type, subject_id, field, target, `said.system` AS said_systems,
       `said.object` AS said_objects, `said.value` AS said_values, arrayMap(at -> toUnixTimestamp64Micro(at), `said.time`) AS said_times,
       detail, status, toUnixTimestamp64Micro(opened) AS opened_us, toUnixTimestamp64Micro(healed) AS healed_us, episodes, proof,
       actor, comment, severity, title, events, simulated, count() OVER () AS total
FROM v_quality_findings
WHERE ({ids:Array(String)} = [] OR arrayExists(id -> startsWith(finding_id, id), {ids:Array(String)}))
  AND ({kind:String} = '' OR kind = {kind:String})
  AND ({domain:String} = '' OR domain = {domain:String})
  AND ({owner:String} = '' OR owner = {owner:String})
  AND ({objects:Array(String)} = [] OR subject_id IN {objects:Array(String)} OR hasAny(objects, {objects:Array(String)}))
  AND ({statuses:Array(String)} = [] OR status IN {statuses:Array(String)})
ORDER BY opened DESC, finding_id
LIMIT {limit:UInt32}
