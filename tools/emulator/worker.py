"""An execution environment: a process that runs a version of a function, one call at a time.

The process gets its calls, and hands over its results, by Lambda's own runtime API, so that custom
runtimes work as well: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

from emulator.commands import Command
from emulator.logs import Log
from emulator.packages import new_folder

# The time for a runtime to start, after which Lambda counts it as the call's.
INIT_SECONDS = 10.0
_API = "/2018-06-01/runtime"
_SERVICE = "GROUNDWORK_SERVICE"


@dataclass
class Call:
    """One invocation of a function."""

    payload: bytes
    function_arn: str
    timeout: float
    client_context: str | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    deadline: float = 0.0


@dataclass(frozen=True)
class Result:
    """The outcome of a call: the handler's answer, or the description of its error."""

    payload: bytes
    failed: bool
    log: bytes
    request_id: str
    seconds: float = 0.0


class Worker:
    """A process that waits for calls."""

    def __init__(self, command: Command, log: Log, memory_size: int, version: str) -> None:
        self._log = log
        self._memory_size = memory_size
        self._version = version
        self._json = command.environment.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[bytes, bool]] = queue.SimpleQueue()
        self._ready = threading.Event()
        self._reading = threading.Lock()
        self._rest = b""
        self._began = time.monotonic()
        self._first = True
        self.alive = True
        self.idle_since = 0.0
        self._api = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._api.serve_forever, args=(0.05,), daemon=True).start()
        self._process, self._output = self._start(command)
        for work in (self._read_output, self._await_end):
            threading.Thread(target=work, daemon=True).start()

    def _start(self, command: Command) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        own = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_port}",
            "AWS_LAMBDA_LOG_STREAM_NAME": self._log.stream,
            "TMPDIR": str(new_folder(f"tmp/{uuid.uuid4().hex}")),
            # By this the tools find it when the emulator was killed.
            **{name: os.environ[name] for name in (_SERVICE,) if name in os.environ},
        }
        read, write = os.pipe()
        process = subprocess.Popen(  # noqa: S603 - it runs what was deployed, as Lambda would
            command.arguments,
            cwd=command.folder,
            env={**command.environment, **own},
            stdin=subprocess.PIPE,
            stdout=write,
            stderr=write,
            # It is killed with all that it has started.
            start_new_session=True,
        )
        os.close(write)
        return process, os.fdopen(read, "rb", 0)

    def run(self, call: Call) -> Result:
        """Runs one call to its end, or to its timeout."""
        self._log.begin_call()
        self._ready.wait(INIT_SECONDS)
        init = time.monotonic() - self._began
        text = f"START RequestId: {call.request_id} Version: {self._version}"
        self._say("start", call, text, version=self._version)
        start = time.monotonic()
        call.deadline = time.time() + call.timeout
        self._calls.put(call)
        try:
            payload, failed = self._answers.get(timeout=call.timeout)
        except queue.Empty:
            payload, failed = self._timed_out(call), True
        seconds = time.monotonic() - start
        self._drain()
        self._report(call, seconds, init if self._first else None)
        self._first = False
        payload = payload.replace(b"$REQUEST_ID", call.request_id.encode()) if failed else payload
        return Result(payload, failed, self._log.tail(), call.request_id, seconds)

    def end(self) -> None:
        """Kills the process with all that it has started."""
        self.alive = False
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _timed_out(self, call: Call) -> bytes:
        self.end()
        message = (
            f"RequestId: {call.request_id} Error: Task timed out after {call.timeout:.2f} seconds"
        )
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._log.write(
            [f"{stamp} {call.request_id} Task timed out after {call.timeout:.2f} seconds"]
        )
        return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message}).encode()

    def _report(self, call: Call, seconds: float, init: float | None) -> None:
        used = _memory(self._process.pid)
        metrics: dict[str, float] = {
            "durationMs": round(seconds * 1000, 2),
            "billedDurationMs": int(seconds * 1000) + 1,
            "memorySizeMB": self._memory_size,
            "maxMemoryUsedMB": used,
            **({} if init is None else {"initDurationMs": round(init * 1000, 2)}),
        }
        parts = [
            f"REPORT RequestId: {call.request_id}",
            f"Duration: {metrics['durationMs']:.2f} ms",
            f"Billed Duration: {metrics['billedDurationMs']} ms",
            f"Memory Size: {self._memory_size} MB",
            f"Max Memory Used: {used} MB",
            *([] if init is None else [f"Init Duration: {metrics['initDurationMs']:.2f} ms"]),
        ]
        if not self._json:
            self._log.write([f"END RequestId: {call.request_id}"])
        self._say("report", call, "\t".join(parts), metrics=metrics)

    def _say(self, kind: str, call: Call, text: str, **record: Any) -> None:
        """Writes a line of the platform's own, in the log's format."""
        if self._json:
            about = {"requestId": call.request_id, **record}
            now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            line = {"time": now.replace("+00:00", "Z"), "type": f"platform.{kind}", "record": about}
            text = json.dumps(line)
        self._log.write([text])

    def _read_output(self) -> None:
        with self._output:
            while self._is_readable(None):
                with self._reading:
                    # Another thread may have taken it meanwhile.
                    if self._is_readable(0) and not self._read_some():
                        break

    def _drain(self) -> None:
        """Takes what was written before the answer, which is in the pipe by then."""
        with self._reading:
            while self._is_readable(0) and self._read_some():
                pass

    def _is_readable(self, milliseconds: int | None) -> bool:
        # Once it has ended it is closed, and there is nothing to wait for.
        if self._output.closed:
            return False
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        return bool(poll.poll(milliseconds))

    def _read_some(self) -> bool:
        chunk = os.read(self._output.fileno(), 65536)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            lines, self._rest = [self._rest], b""
        if lines:
            self._log.write([line.decode("utf-8", "replace") for line in lines])
        return bool(chunk)

    def _await_end(self) -> None:
        code = self._process.wait()
        self.alive = False
        self._ready.set()
        how = f"exit status {code}" if code >= 0 else f"signal: {signal.strsignal(-code)}"
        reason = (
            "Runtime exited without providing a reason"
            if code == 0
            else (f"Runtime exited with error: {how.lower()}")
        )
        message = f"RequestId: $REQUEST_ID Error: {reason}"
        self._answers.put(
            (json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}).encode(), True)
        )
        self._calls.put(None)
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._api.shutdown()
        self._api.server_close()

    def next_call(self) -> Call | None:
        """Waits for the next call; the runtime asks."""
        self._ready.set()
        return self._calls.get()

    def answer(self, payload: bytes, failed: bool) -> None:
        """Takes what the runtime says of the call, or of its start."""
        self._ready.set()
        self._answers.put((payload, failed))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Says nothing of a runtime that was killed while it spoke."""


def _handler(worker: Worker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Small answers go at once.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            call = worker.next_call()
            if call is None:
                self.close_connection = True
                return
            headers = {
                "Lambda-Runtime-Aws-Request-Id": call.request_id,
                "Lambda-Runtime-Deadline-Ms": str(int(call.deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": call.function_arn,
                "Lambda-Runtime-Trace-Id": _trace_id(),
            }
            if call.client_context:
                headers["Lambda-Runtime-Client-Context"] = call.client_context
            self._reply(200, call.payload, headers)

        def do_POST(self) -> None:
            payload = self._body()
            kind = self.path.removeprefix(_API)
            # A runtime that could not start ends by itself, and takes no further call.
            worker.alive &= kind != "/init/error"
            worker.answer(payload, failed=kind.endswith("/error"))
            self._reply(202, b'{"status":"OK"}', {})

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def _reply(self, status: int, payload: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(payload)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _trace_id() -> str:
    ident = uuid.uuid4().hex
    return f"Root=1-{int(time.time()):x}-{ident[:24]};Parent={ident[:16]};Sampled=0"


def _memory(pid: int) -> int:
    """The most memory that a process has had, in MiB, where the system tells."""
    with (
        contextlib.suppress(OSError, StopIteration, ValueError),
        open(f"/proc/{pid}/status") as file,
    ):
        line = next(line for line in file if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    return 0
