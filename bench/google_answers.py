"""Replay what Google really answered, and count what localsheets answers alike.

    python bench/google_answers.py [FOLDER] [--only TEXT] [--at-least PERCENT]

FOLDER holds the recordings; without it the environment variable GOOGLE_ANSWERS, else
../shared/google-answers beside the project. Each recording meets a fresh localsheets over HTTP.
Prints the score per kind of call, every difference, and the time; fails under 97 %.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from google.auth.crypt import RSASigner
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.recordings import Json, recorder_of  # noqa: E402 - the repository must be importable first
from bench.replay import NOTHING, Pair, Player  # noqa: E402
from localsheets.server import serve  # noqa: E402
from localsheets.token import new_account  # noqa: E402
from tests.discovery import wrong_exchange  # noqa: E402

LONGEST = 160
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


def folder_of(given: str | None) -> Path:
    """Return the folder of the recordings, or say that there is none."""
    folder = Path(given or os.environ.get("GOOGLE_ANSWERS") or ROOT.parent / "shared" / "google-answers")
    if not any(folder.glob("*.json")):
        raise SystemExit(f"No recordings in {folder}: give their folder, or set GOOGLE_ANSWERS.")
    return folder


def read(folder: Path) -> dict[str, list[Json]]:
    """Read every recording: its name, and its calls in order."""
    paths = sorted(folder.glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))["interactions"] for path in paths}


def replay(interactions: list[Json], signer: RSASigner, recorder: str, data: Path) -> list[Pair]:
    """Play one recording against a localsheets of its own."""
    running = serve(port=0, data=data)

    def token(email: str) -> str:
        credentials = Credentials(signer, email, f"{running.url}/token", scopes=SCOPES)
        credentials.refresh(Request())
        return str(credentials.token)

    try:
        return list(Player(running.url, token, recorder).play(interactions))
    finally:
        # Stopping waits half a second for the listener: the next recording need not.
        threading.Thread(target=running.stop).start()


def show(value: Any) -> str:
    """Write a value on one line, shortened."""
    text = "nothing" if value is NOTHING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def report(name: str, pairs: list[Pair]) -> None:
    """Print the differences of one recording."""
    for pair in pairs:
        if pair.differences:
            call = pair.call if len(pair.call) <= 2 * LONGEST else pair.call[: 2 * LONGEST] + "…"
            print(f"\n{name} #{pair.index} {call}")
        for one in pair.differences:
            print(f"    {one.path.lstrip('.')}: expected {show(one.expected)}, got {show(one.got)}")


def summary(pairs: list[Pair], seconds: float) -> float:
    """Print the score per kind and in all, and return the percentage."""
    every = Counter(pair.kind for pair in pairs)
    alike = Counter(pair.kind for pair in pairs if not pair.differences)
    print()
    for kind in sorted(every):
        print(f"{kind:35} {alike[kind]:5} / {every[kind]:<5} {100 * alike[kind] / every[kind]:6.1f} %")
    share = 100 * alike.total() / every.total()
    print(f"{'all':35} {alike.total():5} / {every.total():<5} {share:6.1f} %   in {seconds:.1f} s")
    scenery = [pair for pair in pairs if pair.about_scenery]
    if scenery:
        equal = sum(not pair.differences for pair in scenery)
        print(f"of which about files that stood before their recording (made empty, by name): {equal} / {len(scenery)}")
    return share


def held_to_documents(interactions: list[Json]) -> list[str]:
    """Return what the discovery documents find wrong in the good exchanges of a recording."""
    found = []
    for pair in interactions:
        if pair["status"] < 300:
            uri = urlsplit(pair["uri"])
            query = parse_qsl(uri.query, keep_blank_values=True)
            found.append(wrong_exchange(pair["method"], unquote(uri.path), query, pair["body"], pair["answer"]))
    return [wrong or "" for wrong in found]


def main() -> None:
    """Replay every recording of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--only", default="", metavar="TEXT", help="play only the recordings with this in their name")
    parser.add_argument("--at-least", type=float, default=97.0, metavar="PERCENT")
    given = parser.parse_args()
    recordings = read(folder_of(given.folder))
    recorder, signer = recorder_of(list(recordings.values())), RSASigner.from_service_account_info(new_account())
    pairs, unplayed, wrong = [], [], []
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        for name, interactions in recordings.items():
            if any("uri" not in pair for pair in interactions):
                unplayed.append(f"{name} ({len(interactions)} examples without an address)")
            elif given.only in name:
                played = replay(interactions, signer, recorder, Path(data) / f"{name}.db")
                report(name, played)
                pairs += played
                wrong += held_to_documents(interactions)
        seconds = time.perf_counter() - started
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
    if unplayed:
        print("\nNot played: " + ", ".join(unplayed))
    if not pairs:
        raise SystemExit(f"No recording named {given.only}.")
    print(f"Good exchanges that the discovery documents accept: {wrong.count('')} / {len(wrong)}")
    for one in sorted(set(wrong) - {""}):
        print(f"    {wrong.count(one)} × {one}")
    if summary(pairs, seconds) < given.at_least:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
