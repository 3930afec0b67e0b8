"""Calls of what the API's description does not have: `client.post(...)` and the like."""
