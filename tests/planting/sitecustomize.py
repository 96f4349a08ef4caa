"""Plants a fault into a server: Python runs this file first where its folder is on PYTHONPATH.

`PLANTED` names a function that plants one, as `package.module:function`.
"""

import os
import pkgutil

pkgutil.resolve_name(os.environ["PLANTED"])()
