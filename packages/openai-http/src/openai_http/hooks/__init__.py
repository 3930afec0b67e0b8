"""Hooks: functions that are told of each call, and what they are told."""
