"""The one place that says which version of openai-mock this is."""

__version__ = "0.1.0+suite"
