"""On a socket: how requests are read, and how replies and events are written."""
