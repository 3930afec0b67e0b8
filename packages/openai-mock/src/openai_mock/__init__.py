"""The OpenAI API on your machine: a local server for tests and demos."""

from openai_mock.version import __version__

__all__ = ["__version__"]
