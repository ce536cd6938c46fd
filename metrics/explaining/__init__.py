"""What every figure of the pages means: one declared catalogue, and what the store adds to it when somebody asks."""
