"""From what was sent to typed values that fit the description, or to a refusal."""
