"""Webhooks in web frameworks: a module for each, which needs that framework and nothing else.

`asgi` (and so Starlette), `fastapi`, `flask`, `django` and `aiohttp`; `receiving` is what they do
alike. Each reads the raw body up to the cap, verifies it, and gives the event to your code.
"""
