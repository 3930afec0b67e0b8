"""The demo behind `openai-suite demo`: the main jobs of the suite, shown on real sockets."""
