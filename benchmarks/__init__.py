"""Ratios against the official package; see README.md."""
