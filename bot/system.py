"""The three processes as one system: started under supervisord, watched until ready, stopped together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.training import RASA_PYTHON, ROOT
from settings import Settings

READY_SECONDS = 120
STOP_SECONDS = 20

_CONFIGURATION = """\
; Written by `ruggesteun serve`; changes here are lost.
[supervisord]
nodaemon=true
logfile={var}/logs/supervisord.log
pidfile={var}/supervisord.pid
loglevel=warn
minfds=256
umask=077
[unix_http_server]
file={socket}
chmod=0700
[supervisorctl]
serverurl=unix://{socket}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """\
[program:{name}]
command={command}
directory={root}
environment={environment}
autorestart=true
startsecs=2
startretries=1000
stopasgroup=true
killasgroup=true
stopwaitsecs=8
stdout_logfile={var}/logs/{name}.log
redirect_stderr=true
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""


class NotStarted(RuntimeError):
    """The system did not come up; the message says which part and shows the end of its log."""


def port_in_use(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something listens there already."""
    with socket.socket() as probe:
        probe.settimeout(0.3)
        return probe.connect_ex((host, port)) == 0


def free_port() -> int:
    """A port that nothing uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class System:
    """Rasa, the action server and the public server of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start supervisord with the three programs."""
        var = self.settings.var.resolve()
        (var / "logs").mkdir(parents=True, exist_ok=True)
        configuration = var / "supervisord.conf"
        configuration.write_text(self._configuration(var), encoding="utf-8")
        # A group of its own: Ctrl-C reaches us, and we stop it in order.
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-n", "-c", str(configuration)],
            cwd=ROOT,
            env={**os.environ, **self.settings.process_environment()},
            stdout=(var / "logs" / "supervisord.out").open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when a patient would get real answers. Raises NotStarted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise NotStarted(f"supervisord stopped:\n{self._tail('supervisord.out')}")
            try:
                if httpx.get(f"{self.url}/health", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.25)
        raise NotStarted(
            "\n".join(f"--- {name}\n{self._tail(name)}" for name in ("rasa.log", "actions.log", "bot.log"))
        )

    @property
    def pid(self) -> int:
        """Of supervisord, the parent of the others. Raises NotStarted."""
        if self._process is None:
            raise NotStarted("the system was not started")
        return self._process.pid

    def wait(self) -> int:
        """Block until supervisord ends."""
        return self._process.wait() if self._process else 0

    def stop(self) -> None:
        """Stop all processes."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def control(self, *words: str) -> str:
        """supervisorctl, e.g. `control("stop", "rasa")`. For tests and `doctor`."""
        configuration = self.settings.var.resolve() / "supervisord.conf"
        command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisorctl", "-c", str(configuration), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def _configuration(self, var: Path) -> str:
        settings, python = self.settings, sys.executable
        # A socket's path may have 107 bytes; a deep `var` would pass that.
        control = Path(tempfile.gettempdir()) / f"ruggesteun-{os.getpid()}-{settings.port}.sock"
        programs = {
            "rasa": f"{RASA_PYTHON} -W ignore -m engine.serve {settings.model.resolve()} {settings.rasa_port}",
            "actions": f"{python} -m actions.server",
            "bot": f"{python} -m uvicorn bot.app:app --host {settings.host} --port {settings.port} --no-access-log "
            f"--log-level warning --forwarded-allow-ips {settings.trusted_proxies}",
        }
        parts = [_CONFIGURATION.format(var=var, socket=control)]
        parts += [
            _PROGRAM.format(
                name=name,
                command=command.replace("%", "%%"),
                root=ROOT,
                var=var,
                # Only the public server opens channels; the others have no use for the keys of their credentials.
                environment="" if name == "bot" else 'RUGGESTEUN_KEYS=""',
            )
            for name, command in programs.items()
        ]
        return "\n".join(parts)

    def _tail(self, name: str) -> str:
        path = self.settings.var / "logs" / name
        if not path.is_file():
            return "(no log)"
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


@contextmanager
def temporary_system(trained: Settings, **changes: object) -> Iterator[System]:
    """A system of its own for a while: free ports, empty databases, the model of `trained`. Raises NotStarted."""
    folder = Path(tempfile.mkdtemp(prefix="ruggesteun-"))
    try:
        for name in ("model", "encoder"):
            (folder / name).symlink_to((trained.var / name).resolve(), target_is_directory=True)
        settings = trained.model_copy(
            update={
                "var": folder,
                "port": free_port(),
                "rasa_port": free_port(),
                "actions_port": free_port(),
                "database_url": "",
                "tracker_url": "",
                "messages_per_minute": 0,
                "conversations_per_minute": 0,
                **changes,
            }
        )
        system = System(settings)
        system.start()
        try:
            system.wait_ready()
            yield system
        finally:
            system.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
