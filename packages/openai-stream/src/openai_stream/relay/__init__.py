"""Streams from one service to another: to bytes that are forwarded, and back to events."""
