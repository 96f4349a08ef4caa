"""The tools that node runs, where they are installed."""

import shutil

import pytest

from tests.live import ROOT

BIN = ROOT / "tests" / "node" / "node_modules" / ".bin"
INSTALL = "make tests/node/node_modules/.installed"

needed = pytest.mark.skipif(
    not BIN.exists() or shutil.which("node") is None,
    reason=f"THE TOOLS OF NODE ARE NOT INSTALLED: nothing was tested with them ({INSTALL})",
)
