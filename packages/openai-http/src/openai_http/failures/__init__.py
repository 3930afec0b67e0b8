"""From what went wrong to the exception that tells it. Its class is in `openai_http.errors`."""
