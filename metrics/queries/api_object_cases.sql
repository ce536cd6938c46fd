-- The cases to which an object belongs, by (process, case id), those after a key.
SELECT toString(process) AS process, case_id, toString(via_type) AS via_type, via_id, event_id
FROM v_links
WHERE object_type = {object_type:String} AND object_id = {object_id:String}
  AND (process, case_id) > ({after_process:String}, {after_case:String})
ORDER BY process, case_id, event_id
LIMIT 1 BY process, case_id
LIMIT {limit:UInt32}
