"""Attempts of a call: how each is sent, and whether there is another. No I/O."""
