"""Servers on real sockets of this machine."""

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import uvicorn


@contextmanager
def serving_asgi(app: Callable[..., Any]) -> Generator[int]:
    """The port of a server that runs while the block does."""
    # What is process-wide stays as it is for the other tests: the event loop and the logs.
    config = uvicorn.Config(app, loop="asyncio", ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving_wsgi(app: Callable[..., Any]) -> Generator[int]:
    """The port of a server that runs while the block does."""
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
