"""Command line: python -m localsheets --port P --data FILE."""

import argparse
import gc
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from localsheets.faults.reading import BadSchedule
from localsheets.server import serve


def main() -> None:
    """Serve until asked to stop."""
    parser = argparse.ArgumentParser(prog="python -m localsheets", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="SQLite file, made when missing")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="slept in each API call")
    parser.add_argument("--key", type=Path, metavar="PEM", help="public key that checks assertions")
    parser.add_argument("--faults", type=Path, metavar="JSON", help="schedule of faults and of staff actions")
    parser.add_argument("--quota", type=int, nargs="?", const=60, metavar="N", help="a minute and account; 60 alone")
    given = parser.parse_args()
    if given.quota is not None and given.quota < 1:
        parser.error("--quota : un nombre entier de requêtes par minute, au moins 1")
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    try:
        public_key = given.key.read_bytes() if given.key else None
        running = serve(given.port, given.data, given.latency, given.host, public_key, given.faults, given.quota)
    except BadSchedule as bad:
        print(f"localsheets ne démarre pas : {given.faults} : {bad}", file=sys.stderr)
        raise SystemExit(2) from None
    except (OSError, ValueError, sqlite3.Error) as error:
        key = f", la clé {given.key}" if given.key else ""
        raise SystemExit(f"localsheets ne démarre pas : {given.data}, le port {given.port}{key} : {error}") from error
    # Books are trees: looking for circles among their cells costs far more than it frees.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    print(f"localsheets: {running.url}", flush=True)
    stopping.wait()
    running.stop()


if __name__ == "__main__":
    main()
