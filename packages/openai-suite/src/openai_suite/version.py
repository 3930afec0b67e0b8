"""The one place that says which version of openai-suite this is."""

__version__ = "0.1.0+suite"
