-- Room on the fullest of the store's disks, in bytes.
SELECT toInt64(argMin(free_space, free_space / total_space)) AS free,
       toInt64(argMin(total_space, free_space / total_space)) AS total
FROM system.disks
WHERE total_space > 0
HAVING count() > 0
