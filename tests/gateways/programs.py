"""The gateways, run with the files of deploy/, in which addresses and requirements are replaced."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.live import ROOT, free_port

SECONDS = 20
NOT_YET = "404 page not found\n"  # of Traefik, which listens before it has read its routes
NGINX_MAIN = """daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{}} http {{ access_log off; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t;
uwsgi_temp_path t; scgi_temp_path t; include {0}/jeton.conf; }}"""


@dataclass(frozen=True)
class Program:
    """A gateway: its files in deploy/, how it is run, and how it tests its own configuration."""

    name: str
    files: tuple[str, ...]
    run: tuple[str, ...]
    check: tuple[str, ...] | None

    @property
    def path(self) -> str | None:
        """The program on this machine, if it is there."""
        beside = str(Path(sys.executable).parent)
        return shutil.which(self.name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:{beside}")


CADDY = ("--config", "Caddyfile", "--adapter", "caddyfile")
NGINX = ("-p", ".", "-c", "nginx.conf", "-e", "stderr")
ENVOY = ("-c", "envoy.yaml", "--use-dynamic-base-id", "--concurrency", "2", "-l", "warning")
PROGRAMS = (
    Program("nginx", ("jeton.conf",), NGINX, ("-t", *NGINX)),
    Program("caddy", ("Caddyfile",), ("run", *CADDY), ("validate", *CADDY)),
    Program("traefik", ("traefik.yml", "jeton.yml"), ("--configFile=traefik.yml",), None),
    Program("envoy", ("envoy.yaml",), ENVOY, ("--mode", "validate", *ENVOY)),
    Program(
        "haproxy",
        ("haproxy.cfg", "jeton.lua"),
        ("-db", "-f", "haproxy.cfg"),
        ("-c", "-f", "haproxy.cfg"),
    ),
)


@dataclass(frozen=True)
class Addresses:
    """What the files of deploy/ are told: ports on this machine, and what a token has to be."""

    jeton: int
    upstream: int
    requirements: str
    gateway: int


class Gateway:
    """One gateway in a folder of its own, in front of one upstream; its log is `log` there."""

    def __init__(self, program: Program, folder: Path, addresses: Addresses) -> None:
        self.program = program
        self.folder = folder
        self.port = addresses.gateway
        self.url = f"http://127.0.0.1:{self.port}"
        for name in program.files:
            source = (ROOT / "deploy" / program.name / name).read_text()
            (folder / name).write_text(self._edited(source, addresses))
        if program.name == "nginx":
            (folder / "nginx.conf").write_text(NGINX_MAIN.format(folder))
        if program.name == "caddy":
            options = "{\n\tadmin off\n\tauto_https off\n}\n"
            path = folder / "Caddyfile"
            path.write_text(options + path.read_text())

    def _edited(self, source: str, addresses: Addresses) -> str:
        edits = {
            "project=my-project-a1b2c&environment=development": addresses.requirements,
            "127.0.0.1:8080": f"127.0.0.1:{addresses.jeton}",
            "port_value: 8080": f"port_value: {addresses.jeton}",
            "127.0.0.1:9000": f"127.0.0.1:{addresses.upstream}",
            "port_value: 9000": f"port_value: {addresses.upstream}",
            "listen 8000;": f"listen {self.port};",
            ":8000": f":{self.port}",
            "port_value: 8000": f"port_value: {self.port}",
            f"/etc/{self.program.name}/": f"{self.folder}/",
        }
        for told, wanted in edits.items():
            source = source.replace(told, wanted)
        return source

    def check(self) -> "subprocess.CompletedProcess[str]":
        """Let the gateway test its configuration."""
        assert self.program.path
        assert self.program.check
        return subprocess.run(
            [self.program.path, *self.program.check],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    @contextmanager
    def running(self) -> Iterator["Gateway"]:
        """Run it until the block ends."""
        assert self.program.path
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [self.program.path, *self.program.run],
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        try:
            self._await(process)
            yield self
        finally:
            process.terminate()
            process.wait(timeout=SECONDS)

    def log(self) -> str:
        """All that it printed."""
        return (self.folder / "log").read_text()

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder)}

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=0.5).text != NOT_YET
        except httpx.TimeoutException:
            return True
        except httpx.TransportError:
            return False

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.program.name} did not start:\n{self.log()}")


def addresses(jeton: int, upstream: int, requirements: str) -> Addresses:
    """Addresses with a free port for the gateway."""
    return Addresses(jeton, upstream, requirements, free_port())
