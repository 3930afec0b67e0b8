"""The flight recorder: what a real server said, recorded on a tape and replayed from it.

From a request to the tape and back: `hosting` runs a server, `client` is one request of a client
on it, `recording` passes it on to the `upstream` and `writer` writes what came back; `replaying`
takes it from the `shelf` instead. `sessions` has what users call, `command` the command line. The
format of a tape is in `tape`.
"""
