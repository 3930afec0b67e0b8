"""Paths of the official package, for code that imports from them."""
