"""The cached site under granian, as it is served: real processes, real sockets."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.support.ports import free_port
from tests.support.servers import stopped_with_the_run
from tests.support.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """granian with some worker processes of four threads each."""

    def __init__(
        self,
        folder: Path,
        target: str = "tests.support.cached_site:serve",
        workers: int = 1,
        **environ: str,
    ) -> None:
        """`environ` is what the site is told beside the number of workers."""
        self.port = free_port()
        self.folder = folder
        self.log = folder / "server.log"
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", target, "--factory"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", str(workers)),
            *("--blocking-threads", "4", "--backpressure", "256", "--no-ws"),
            *("--respawn-failed-workers", "--respawn-interval", "0.1", "--log-level", "warning"),
        ]
        told = {"WEB_CONCURRENCY": str(workers), "SCRATCH_FOLDER": str(folder), **environ}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | told,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._workers = workers
        self._stop = stopped_with_the_run(f"server-{self.port}", f"-{self.process.pid}")
        try:
            self.wait_until_all_answer()
        except BaseException:
            self.end()
            raise

    def wait_until_all_answer(self) -> None:
        """Waits for the last worker; readers who come before it would all be the others'."""
        seen = set()

        def all_answered() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text())
            # A worker may end in the middle of its answer.
            with suppress(OSError, http.client.HTTPException):
                seen.add(self._process_that_answers())
            return len(seen) >= self._workers

        wait_until(all_answered, "all workers answer")

    def _process_that_answers(self) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/process")
            return connection.getresponse().read()
        finally:
            connection.close()

    def end(self) -> str:
        """Stops it; what it wrote to its log."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        # granian forgets the workers that it started in place of dead ones.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._stop()
        return self.log.read_text()
