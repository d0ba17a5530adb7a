"""Replay what Google really answered, and count what localsheets answers alike.

    python bench/google_answers.py [FOLDER] [--only TEXT] [--at-least PERCENT]

FOLDER holds the recordings; without it the environment variable GOOGLE_ANSWERS, else
../shared/google-answers beside the project. A fresh localsheets answers over HTTP, each recording alone.
Prints the score per kind of call, every difference, and the time; fails under 97 %.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
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
from localsheets.serving.token import new_account  # noqa: E402
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


def token_of(url: str) -> Callable[[str], str]:
    """Return what gives an account's address its token, each asked for once."""
    signer = RSASigner.from_service_account_info(new_account())

    @cache
    def token(email: str) -> str:
        credentials = Credentials(signer, email, f"{url}/token", scopes=SCOPES)
        credentials.refresh(Request())
        return str(credentials.token)

    return token


def replay(recordings: dict[str, list[Json]], recorder: str) -> Iterator[tuple[str, list[Pair]]]:
    """Play recordings against one localsheets, the account empty before each."""
    with tempfile.TemporaryDirectory() as data:
        running = serve(port=0, data=Path(data) / "books.db")
        token = token_of(running.url)
        for name, interactions in recordings.items():
            player = Player(running.url, token, recorder)
            yield name, list(player.play(interactions))
            player.clear_away()
        running.stop()


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
    playable = {name: calls for name, calls in recordings.items() if all("uri" in pair for pair in calls)}
    chosen = {name: calls for name, calls in playable.items() if given.only in name}
    pairs, wrong = [], []
    started = time.perf_counter()
    for name, played in replay(chosen, recorder_of(list(recordings.values()))):
        report(name, played)
        pairs += played
        wrong += held_to_documents(chosen[name])
    seconds = time.perf_counter() - started
    for name in recordings.keys() - playable.keys():
        print(f"\nNot played: {name} ({len(recordings[name])} examples without an address)")
    if not pairs:
        raise SystemExit(f"No recording named {given.only}.")
    print(f"Good exchanges that the discovery documents accept: {wrong.count('')} / {len(wrong)}")
    for one in sorted(set(wrong) - {""}):
        print(f"    {wrong.count(one)} × {one}")
    if summary(pairs, seconds) < given.at_least:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
