"""Server-sent events, decoded without I/O, and the typed streams built on them."""

from openai_stream.version import __version__

__all__ = ["__version__"]
