"""All of the OpenAI suite in one install, and its command line."""

from openai_suite.version import __version__

__all__ = ["__version__"]
