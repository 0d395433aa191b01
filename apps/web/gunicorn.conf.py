"""How the service is served; `gunicorn`, started in this directory, reads this by itself."""

import logging.config
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from orders.logs import logging_config
from orders.settings import Settings, SettingsError

# Checked here, before a port is open or a process forked: a worker that fails to start says less.
try:
    settings = Settings.from_environment(os.environ)
except SettingsError as error:
    logging.config.dictConfig(logging_config())
    logging.getLogger("orders").critical(
        "the configuration is not valid", extra={"problems": error.problems}
    )
    sys.exit(1)

wsgi_app = "orders.wsgi:app"
bind = "0.0.0.0:8080"

# One process to a container, and more containers for more load: the metrics are then the
# process's own, and a task's CPU and memory mean what they say. The threads mostly wait for SQS.
workers = 1
worker_class = "gthread"
threads = 8

# A worker tells that it is alive by touching a file, which has to be in memory (a slow disk would
# look like a hung worker) and, as the root file system is read-only, on one of these.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()  # noqa: S108
# The socket for `gunicornc` would be made in a home directory that the container doesn't have.
control_socket_disable = True

# Longer than a load balancer keeps an idle connection (60 s): were it shorter, the balancer would
# now and then send a request into a connection that is just being closed.
keepalive = 75
# Requests in flight get this long after SIGTERM; platforms kill the process after 30 s.
graceful_timeout = 25

# The app logs each request itself, with its id and route.
accesslog = None
logconfig_dict = logging_config(settings.log_level, settings.environment)


def post_worker_init(worker: Any) -> None:
    """Open for traffic, and hear of the end: gunicorn has set its signal handlers by now."""
    lifecycle = worker.wsgi.extensions["lifecycle"]
    lifecycle.stop_on_sigterm()
    lifecycle.started()
