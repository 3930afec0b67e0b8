"""`client.responses.stream(...)`: its events, and the response that they make."""
