"""The tools that node runs, where they are installed."""

import pytest

from tests.live import ROOT

BIN = ROOT / "tests" / "node" / "node_modules" / ".bin"
INSTALL = "make tests/node/node_modules/.installed"

needed = pytest.mark.skipif(
    not BIN.exists(), reason=f"THE TOOLS OF NODE ARE NOT INSTALLED: nothing was tested ({INSTALL})"
)
