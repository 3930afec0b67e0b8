"""Webhooks: which events happened, who wants them, and their posting."""
