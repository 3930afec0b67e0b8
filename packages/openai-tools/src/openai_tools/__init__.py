"""Function tools and strict JSON schemas from Python types, without I/O."""

from openai_tools.version import __version__

__all__ = ["__version__"]
