"""What the mock's model says: the same for the same request, and plausible.

Pure functions from plain JSON to plain values: no server, no clock, no chance, nothing stored.

- `schema_instance`: a value that a JSON Schema allows.
- `tool_calls`: whether the model calls tools now, which, and with what.
- `tokens` and `usage`: how a text falls into tokens, and what a request and its answer count.
- `logprobs`: how sure the model was of each token.
- `embeddings`: vectors of texts.
- `moderation`: which categories a text falls under.
- `media`: the bytes of speech, images and videos; `transcripts`: what is heard in a recording.
"""
