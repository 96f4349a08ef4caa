"""Plants a fault into a server: Python runs this file first where its folder is on PYTHONPATH.

`PLANTED` names functions that plant one, as `package.module:function`, by commas.
"""

import os
import pkgutil

for name in os.environ["PLANTED"].split(","):
    pkgutil.resolve_name(name)()
