-- The disks that the store keeps its rows on; one in memory or far away says no size.
SELECT name, path, free_space AS free, total_space AS total FROM system.disks WHERE total_space > 0 ORDER BY name
