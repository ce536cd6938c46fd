-- One load, counted from its end markers and from what is stored. A load is a feed in one life of the log
-- (`incarnation`); records that carry no origin of their own have the log's.
SELECT (SELECT sum(count) FROM v_markers
        WHERE feed = {feed:String} AND kind = 'end' AND endsWith(origin, concat('@', {incarnation:String}))) AS sent,
       (SELECT count() FROM v_event_records
        WHERE feed = {feed:String} AND (position(origin, '@') = 0 OR endsWith(origin, concat('@', {incarnation:String})))
       ) AS records,
       (SELECT countIf(type != 'log.step.v1') FROM v_event_records WHERE feed = {feed:String}) AS canonical,
       (SELECT count() FROM v_dead_letters
        WHERE origin IN {origins:Array(String)} OR (topic = 'flowglass.events' AND endsWith(origin, concat('@', {incarnation:String})))
       ) AS dead_letters,
       (SELECT count() FROM v_dead_letters
        WHERE origin IN {span_origins:Array(String)} OR (topic = 'otlp_spans' AND endsWith(origin, concat('@', {incarnation:String})))
       ) AS span_dead_letters,
       (SELECT count() FROM v_unlinked WHERE feed = {feed:String}) AS unlinked
