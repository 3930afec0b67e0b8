"""Which operation is meant, who may call it, and which handler answers."""
