"""How the web process is served: read by gunicorn on its own, wherever the Procfile runs."""

import gc
import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - a container's only door
worker_class = "gthread"
# One process: the fragments it keeps are then kept once. Threads wait for the database, not for Google.
workers = 1
threads = 32
timeout = 60
graceful_timeout = 25
keepalive = 65
control_socket_disable = True
max_requests = 0


def post_worker_init(worker: object) -> None:
    """Take what was loaded at start out of the garbage collector's rounds: it halves the slowest answers."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
