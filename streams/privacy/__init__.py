"""Privacy at the edges of streams: snapshots that are remembered sealed."""
