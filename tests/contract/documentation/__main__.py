"""Write the parts of documents that are made, or `--check` that they are as they should be."""

import sys

from handlers.wire.contract import contract
from tests.contract.documentation.pages import ROOT, pages, stale

if "--check" in sys.argv[1:]:
    old = [str(file.relative_to(ROOT)) for file in stale(contract)]
    sys.exit(f"Run make docs: {', '.join(old)} would change." if old else 0)
for page, text in pages(contract).items():
    page.write_text(text, encoding="utf-8")
