"""The HTTP libraries behind `openai_http.transport`, a module each."""
