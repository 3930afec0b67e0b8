"""What the events of each API are together; `openai_stream.accumulating` says which is whose."""

"""From the events of a stream to what they tell, at any moment: a module for each API."""
