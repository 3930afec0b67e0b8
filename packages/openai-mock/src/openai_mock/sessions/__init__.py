"""Sessions over WebSockets, without any I/O: frames of the client in, events of the server out.

Each kind of session is a module; who may open one, and its socket, are in `openai_mock.sockets`.
"""
