"""The broker's side of the log: the embedded broker, true end offsets, producer identity, memory."""
