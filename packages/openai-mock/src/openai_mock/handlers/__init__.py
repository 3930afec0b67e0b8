"""What each operation answers, where its shape does not say it; a module for each namespace.

Every module here is imported when the server is made, and registers its functions with
`openai_mock.routing.registry.handles`.
"""
