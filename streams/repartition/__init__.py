"""More partitions for events and deliveries: `flowglass repartition`."""
