"""Guards across systems and cases: what events ask, what answers them, and what follows. Pure."""
