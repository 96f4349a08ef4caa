"""The five generators of clients, and the workshop where each makes one that a program uses."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.live import ROOT, environment

PROGRAMS = Path(__file__).parent
BUILD = ROOT / "build" / "clients"
NODE_MODULES = ROOT / "tests" / "node" / "node_modules"
SECONDS = 120

MYPY = (
    "mypy --config-file= --strict --follow-imports=silent"
    " connection.py life.py verification.py refusals.py limits.py"
)
TSC = (
    "npx tsc --strict --target es2022 --module node16 --types node --outDir built"
    " life.ts verification.ts refusals.ts limits.ts"
)


@dataclass(frozen=True)
class Generator:
    """What makes a client, what proves that programs fit it, and what runs them."""

    name: str
    title: str
    needs: str
    generate: str
    checks: tuple[str, ...]
    run: str
    generated: tuple[str, ...]

    @property
    def programs(self) -> Path:
        """The folder of the programs that use the client, as a user writes them."""
        return PROGRAMS / self.name

    @property
    def workshop(self) -> Path:
        """The folder where the client is generated beside the programs."""
        return BUILD / self.name

    @property
    def path(self) -> str:
        """Where commands are looked for: the tools of this project first."""
        return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def make(self) -> None:
        """Generate the client from the contract and check the programs against it."""
        shutil.rmtree(self.workshop, ignore_errors=True)
        shutil.copytree(self.programs, self.workshop)
        shutil.copy(ROOT / "openapi.yaml", self.workshop)
        (self.workshop / "node_modules").symlink_to(NODE_MODULES)
        for line in (self.generate, *self.checks):
            self.do(line)

    def do(self, line: str, **settings: str) -> str:
        """Run a line in the workshop and answer what it prints."""
        done = subprocess.run(
            shlex.split(line),
            cwd=self.workshop,
            env=environment(PATH=self.path, GOFLAGS="-mod=mod", GOPROXY="off", **settings),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout


GENERATORS = (
    Generator(
        name="openapi_python_client",
        title="Python, openapi-python-client",
        needs="openapi-python-client",
        generate="openapi-python-client generate --path openapi.yaml"
        " --output-path jeton_client --meta none",
        checks=(MYPY,),
        run="python {program}.py",
        generated=("jeton_client/models/*.py", "jeton_client/api/**/*.py"),
    ),
    Generator(
        name="openapi_generator_python",
        title="Python, openapi-generator",
        needs="openapi-generator-cli",
        generate="openapi-generator-cli generate -g python -i openapi.yaml -o ."
        " --package-name jeton_client --additional-properties generateSourceCodeOnly=true",
        checks=(MYPY,),
        run="python {program}.py",
        generated=("jeton_client/models/*.py", "jeton_client/api/*.py"),
    ),
    Generator(
        name="openapi_fetch",
        title="TypeScript, openapi-typescript with openapi-fetch",
        needs="npx",
        generate="npx openapi-typescript openapi.yaml -o jeton.d.ts",
        checks=(TSC,),
        run="node built/{program}.js",
        generated=("jeton.d.ts",),
    ),
    Generator(
        name="hey_api",
        title="TypeScript, @hey-api/openapi-ts",
        needs="npx",
        generate="npx @hey-api/openapi-ts -i openapi.yaml -o jeton",
        checks=(TSC,),
        run="node built/{program}.js",
        generated=("jeton/types.gen.ts", "jeton/sdk.gen.ts"),
    ),
    Generator(
        name="openapi_generator_go",
        title="Go, openapi-generator",
        needs="go",
        generate="openapi-generator-cli generate -g go -i openapi.yaml -o jeton"
        " --package-name jeton --additional-properties enumClassPrefix=true,withGoMod=false"
        " --global-property apiTests=false",
        checks=("go vet ./...", "go build -o built ."),
        run="./built {program}",
        generated=("jeton/model_*.go", "jeton/api_*.go"),
    ),
)
