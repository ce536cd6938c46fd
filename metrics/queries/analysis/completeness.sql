-- One load, counted from its end markers and from what is stored. A load is a feed in one life of the log
-- (`incarnation`); records that carry no origin of their own have the log's. Dead letters of a file that an earlier
-- load left behind (read with other options) were taken in before `since`, microseconds.
WITH concat('@', {incarnation:String}) AS log, fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT (SELECT sum(last) FROM (SELECT argMax(count, position) AS last FROM v_markers
                               WHERE feed = {feed:String} AND kind = 'end' AND endsWith(origin, log) GROUP BY origin)) AS sent,
       (SELECT count() FROM v_event_records
        WHERE feed = {feed:String} AND (position(origin, '@') = 0 OR endsWith(origin, log))) AS records,
       (SELECT countIf(type != 'log.step.v1') FROM v_event_records WHERE feed = {feed:String}) AS canonical,
       (SELECT count() FROM v_dead_letters
        WHERE ingested >= since AND (has({origins:Array(String)}, origin) OR (topic != 'otlp_spans' AND endsWith(origin, log)))
       ) AS dead_letters,
       (SELECT count() FROM v_dead_letters
        WHERE ingested >= since AND (has({span_origins:Array(String)}, origin) OR (topic = 'otlp_spans' AND endsWith(origin, log)))
       ) AS span_dead_letters,
       (SELECT count() FROM v_unlinked WHERE feed = {feed:String}) AS unlinked
