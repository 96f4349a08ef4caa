"""gunicorn for the twins: the worker and the settings of Jeton's own gunicorn.conf.py.

That file itself would load all of Jeton into their processes.
"""

import os

bind = os.environ["JETON_BIND"]
workers = int(os.environ["JETON_WORKERS"])
worker_class = "handlers.wire.worker.Worker"
asgi_lifespan = "on"
loglevel = "warning"
control_socket_disable = True
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
