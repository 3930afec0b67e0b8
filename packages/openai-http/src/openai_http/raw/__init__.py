"""`with_raw_response` and `with_streaming_response`: a response as it came, and its result."""
