"""A Dask cluster on loopback: scheduler and workers as processes of their own, TLS on."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import trustme

_SECONDS: Final = 240.0
"""A machine that is busy takes a minute to start them."""
_ROOT: Final = Path(__file__).parents[2]


def certificates(folder: Path) -> dict[str, str]:
    """Return the files of a cluster's folder, by our options."""
    return {f"--tls-{name}": str(folder / f"{name}.pem") for name in ("ca", "cert", "key")}


class Cluster:
    """The processes; who uses it may kill them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder, self._environment = folder, environment
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        ours = authority.issue_cert("127.0.0.1", "localhost")
        ours.private_key_pem.write_to_path(str(folder / "key.pem"))
        for number, pem in enumerate(ours.cert_chain_pems):
            pem.write_to_path(str(folder / "cert.pem"), append=number > 0)
        self.certificates = certificates(folder)
        self.scheduler: subprocess.Popen[bytes]
        self.address = ""

    @property
    def options(self) -> list[str]:
        """The certificates, as Dask's own commands take them."""
        return [
            *("--tls-ca-file", self.certificates["--tls-ca"]),
            *("--tls-cert", self.certificates["--tls-cert"]),
            *("--tls-key", self.certificates["--tls-key"]),
        ]

    @contextmanager
    def running(self, workers: int = 2) -> Iterator["Cluster"]:
        """Start all, and end all."""
        told = self._folder / "scheduler.json"
        told.unlink(missing_ok=True)
        at = ["--host", "127.0.0.1", "--protocol", "tls", "--port", "0"]
        self.scheduler = self._start(
            "scheduler", *at, "--no-dashboard", "--dashboard-address", ":0",
            "--scheduler-file", str(told),
        )  # fmt: skip
        started = [self.scheduler]
        try:
            self._wait(lambda: told.exists() and bool(told.read_text().strip()), "scheduler")
            self.address = json.loads(told.read_text())["address"]
            started += [
                self._start(
                    "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1",
                    "--no-dashboard", "--dashboard-address", ":0", "--memory-limit", "0",
                    "--death-timeout", "60", "--local-directory", str(self._folder / "local"),
                )
                for _ in range(workers)
            ]  # fmt: skip
            self._wait(lambda: self._log("worker").count("Registered to:") >= workers, "worker")
            yield self
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _log(self, what: str) -> str:
        return (self._folder / f"{what}.log").read_text()

    def _wait(self, is_there: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _SECONDS
        while not is_there():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} in {_SECONDS:g} s:\n{self._log(what)[-4000:]}")
            time.sleep(0.05)

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + what]
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, *arguments, *self.options],
                env={**os.environ, "PYTHONPATH": str(_ROOT), **self._environment},
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
