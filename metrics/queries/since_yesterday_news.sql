-- What came up in the last day beside the cases. Alerts and exceptions of data quality have event times, so their day ends at
-- `as_of` (microseconds); restated figures were noticed when they were, so theirs ends when something was last heard of any
-- feed. Restated figures are those of one process and of one facility ('' for all of it).
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     greatest((SELECT max(last_seen) FROM v_feeds), as_of) AS heard
SELECT (SELECT count() FROM v_quality_findings WHERE opened > as_of - INTERVAL 1 DAY) AS findings,
       (SELECT count() FROM v_alerts WHERE fired > as_of - INTERVAL 1 DAY) AS alerts,
       (SELECT count() FROM v_alerts WHERE fired > as_of - INTERVAL 1 DAY AND status = 'firing') AS firing,
       (SELECT count() FROM v_figure_restatements
        WHERE noticed > heard - INTERVAL 1 DAY AND figure IN ('sla', 'cases') AND process = {process:String}
          AND facility = {facility:String}) AS restated
