"""Streams of assistants' runs: their event handlers, and which hooks are called when."""
