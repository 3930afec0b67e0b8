"""Bytes to events, without I/O: server-sent events and newline-delimited JSON."""
