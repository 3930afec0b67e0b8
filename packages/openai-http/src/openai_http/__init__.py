"""Sync and async clients for the OpenAI API and the servers that speak it."""

from openai_http.version import __version__

__all__ = ["__version__"]
