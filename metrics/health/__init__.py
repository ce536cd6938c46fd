"""Integration health: whether interfaces do what the flows over them need."""
