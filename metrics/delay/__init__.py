"""The delay ledger: where the time of a case, or of one of its SLA clocks, went. Pure but for `reading`."""
