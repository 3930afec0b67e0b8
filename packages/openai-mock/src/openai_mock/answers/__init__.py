"""What the model answers, in the shape of each API.

Each module is given a request that has been checked and gives plain JSON, whole or as the parts of
a stream. What is said is made in `openai_mock.content`; what is stored is for the handlers.
"""
