"""The products of the simulated group: each tells what happened in its own dialect."""
