"""Structured outputs while they arrive: JSON that is cut, and values of the caller's types."""
