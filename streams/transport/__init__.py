"""A Faust transport that hands records on in batches and commits only what it is told to."""
