-- How far the workers have read and stored, in one life of the log.
SELECT toString(topic) AS topic, partition, max(committed) AS next_offset
FROM v_checkpoints
WHERE incarnation = {incarnation:String}
GROUP BY topic, partition
