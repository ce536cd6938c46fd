"""Published figures of closed intervals, and what became of them: restatements with their causes."""
