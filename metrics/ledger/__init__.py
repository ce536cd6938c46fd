"""The ledger: what each event says about money and hours of a document, by declared rules."""
