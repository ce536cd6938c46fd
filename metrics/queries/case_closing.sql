-- What closing a case by hand needs to know: its object's type, whether it is open, its newest event, and the feed whose clock
-- it follows ('live' where the feed never said anything).
SELECT status, outcome, toUnixTimestamp64Micro(last_time) AS last_us, simulated, toString(feed) AS feed,
       if(empty(fed.phase), 'live', fed.phase) AS phase, toUnixTimestamp64Micro(fed.watermark) AS watermark_us, kind AS case_type
FROM (SELECT * FROM v_cases WHERE process = {process:String} AND case_id = {case_id:String}) AS c
LEFT JOIN (SELECT toString(feed) AS name, toString(phase) AS phase, watermark FROM v_feeds) AS fed ON fed.name = toString(c.feed)
CROSS JOIN (
    SELECT toString(object_type) AS kind FROM v_objects
    ARRAY JOIN link.process AS link_process, link.case_type AS link_type, link.case_id AS link_case
    WHERE object_id = {case_id:String} AND link_case = {case_id:String} AND link_process = {process:String} AND link_type = object_type
    LIMIT 1) AS own
