"""`client.chat.completions.stream(...)`: its events, and the completion that they make."""
