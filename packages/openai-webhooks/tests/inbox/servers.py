"""Servers of Redis and PostgreSQL for the tests, from the system's packages, gone afterwards.

Where one is not installed, the tests that need it are skipped, and say what to install.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

# PostgreSQL refuses to run as root; its package makes a user of its own.
ORDINARY_USERS = ("postgres", "nobody")


@contextmanager
def redis_server() -> Generator[str]:
    """Run a server of Redis that writes every command to its disk; gives its URL."""
    command = shutil.which("redis-server") or shutil.which("valkey-server")
    if command is None:
        pytest.skip("no redis-server and no valkey-server here: apt-get install redis-server")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        options += ["--appendonly", "yes", "--appendfsync", "always"]
        with subprocess.Popen([command, *options], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            said: list[str] = []
            for line in server.stdout:
                said.append(line)
                if "eady to accept connections" in line:
                    break
            else:
                pytest.fail("redis-server did not start: " + "".join(said))
            try:
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                server.terminate()
                server.communicate()


@contextmanager
def postgresql_server() -> Generator[str]:
    """Run a server of PostgreSQL on a socket in a folder of its own; gives its URL."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    initdb, pg_ctl = (shutil.which(name, path=path) for name in ("initdb", "pg_ctl"))
    if initdb is None or pg_ctl is None:
        pytest.skip("no initdb and pg_ctl here: apt-get install postgresql")
    user = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # sockets have short paths
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        # Into a file: the server keeps what it inherits open, and a pipe would never end.
        with (folder / "said").open("a+") as said:
            done = subprocess.run(
                command, user=user, cwd=folder, stdout=said, stderr=said, check=False
            )
            said.seek(0)
            assert done.returncode == 0, said.read()

    try:
        run(initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run(pg_ctl, "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ORDINARY_USERS if name in known)
