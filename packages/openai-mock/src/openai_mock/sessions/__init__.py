"""Sessions over WebSockets, without any I/O: frames of the client in, events of the server out.

Each kind of session is a module. Who may open one, and its socket, are in `serving.sockets`.
"""
