"""Plants a fault into a server: Python runs this file first where its folder is on PYTHONPATH.

`PLANTED` names functions that plant one, as `package.module:function`, by commas.

Where that fails the process ends: Python itself would only say so, and go on without the fault.
"""

import os
import pkgutil
import traceback

try:
    for name in os.environ["PLANTED"].split(","):
        pkgutil.resolve_name(name)()
except BaseException:
    traceback.print_exc()
    os._exit(1)
