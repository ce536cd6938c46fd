-- The partitions from which the end marker of a feed has been stored, in one life of the log.
SELECT count() AS partitions, sum(count) AS records
FROM v_markers
WHERE feed = {feed:String} AND kind = 'end' AND endsWith(origin, concat('@', {incarnation:String}))
