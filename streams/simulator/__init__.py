"""A hospital group that lives by a seed and an anchor time, and knows the truth about itself."""
