-- From how many partitions the end marker of a feed has been stored, in one life of the log.
SELECT uniqExact(partition) AS partitions
FROM v_markers
WHERE feed = {feed:String} AND kind = 'end' AND endsWith(origin, concat('@', {incarnation:String}))
