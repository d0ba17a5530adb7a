"""Logs on standard output, as text or JSON: ids, never names or grades."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter

FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"


def set_up_logs(log_format: str) -> None:
    """Send every log of this process to standard output in the chosen format."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(FIELDS) if log_format == "json" else logging.Formatter(FIELDS))
    root = logging.getLogger("passerelle")
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False
