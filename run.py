"""What `make run` does: the Procfile's web and worker, and localsheets in the place of Google, on this machine.

Everything lives under VAR. The first run loads the demonstration; Ctrl-C stops all.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

ROOT = Path(__file__).resolve().parent
READY_WITHIN = 60.0


def main() -> int:
    """Prepare VAR, start the three processes, say when they answer, and wait for Ctrl-C."""
    var = (ROOT / os.environ.get("VAR", "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    port, sheets_port = os.environ.get("PORT", "8000"), os.environ.get("SHEETS_PORT", "8090")
    sheets = f"http://127.0.0.1:{sheets_port}"
    environ = _environ(var, port, sheets_port, sheets)
    command = [sys.executable, "-m", "localsheets", "--port", sheets_port, "--data", str(var / "sheets.sqlite")]
    account = var / "service-account.json"
    if not account.exists() or not (var / "demonstration-loaded").exists():
        _prepare(command, environ, sheets, account, var)
    environ["GOOGLE_SERVICE_ACCOUNT_JSON"] = _account(account, sheets)
    _flask(environ, "db", "upgrade")
    manager = Manager()
    manager.add_process("sheets", " ".join(_quoted(command)), env=environ, cwd=str(ROOT))
    for name, line in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        if name in ("web", "worker"):
            manager.add_process(name, line, env=environ, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(port, sheets), daemon=True).start()
    manager.loop()
    # Ctrl-C is how this ends: only a process that fell by itself is a failure.
    return 0 if manager.returncode in (0, 130, -2, None) else manager.returncode


def _environ(var: Path, port: str, sheets_port: str, sheets: str) -> dict[str, str]:
    secret = var / "secret-key"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    bin_folder = str(Path(sys.executable).parent)
    return {
        "DATABASE_URL": f"sqlite:///{var / 'passerelle.sqlite'}",
        "SECRET_KEY": secret.read_text(),
        # The stand-in for Google is on this machine too: it can tell when a spreadsheet moves.
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **os.environ,
        "PATH": bin_folder + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONUNBUFFERED": "1",
        "HOST": "127.0.0.1",
        "PORT": port,
        "SHEETS_PORT": sheets_port,
        "VAR": str(var),
        "SHEETS_API_ROOT": sheets,
        "DRIVE_API_ROOT": f"{sheets}/drive",
    }


def _prepare(command: list[str], environ: dict[str, str], sheets: str, account: Path, var: Path) -> None:
    """Load the demonstration: it creates its spreadsheets, so the stand-in must answer first."""
    server = subprocess.Popen(command, cwd=ROOT, env=environ)  # noqa: S603 - our own command
    try:
        body = _get(f"{sheets}/service-account.json", server)
        account.touch(mode=0o600)
        account.write_text(body)
        environ = environ | {"GOOGLE_SERVICE_ACCOUNT_JSON": body}
        _flask(environ, "db", "upgrade")
        _flask(environ, "demo")
        (var / "demonstration-loaded").touch()
    finally:
        server.terminate()
        server.wait(10)


def _get(url: str, server: subprocess.Popen | None = None) -> str:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of this machine
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if server is not None and server.poll() is not None:
                raise SystemExit(f"Le tableur local ne démarre pas (port déjà pris ?) : {url}") from error
            if time.monotonic() > deadline:
                raise SystemExit(f"{url} ne répond pas : le port est peut-être déjà pris.") from error
            time.sleep(0.1)


def _account(path: Path, sheets: str) -> str:
    """Return the service account, its token exchange at today's port."""
    return json.dumps(json.loads(path.read_text()) | {"token_uri": f"{sheets}/token"})


def _flask(environ: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    if subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode:  # noqa: S603 - our own command
        raise SystemExit(1)


def _quoted(command: list[str]) -> list[str]:
    return [f"'{part}'" for part in command]


def _announce(port: str, sheets: str) -> None:
    _get(f"http://127.0.0.1:{port}/healthz")
    _get(sheets)
    print(
        f"\n  Passerelle : http://127.0.0.1:{port}\n  Tableur    : {sheets}\n"
        "  Comptes (mot de passe « demonstration ») : admin@, coordination@, tutrice@, jury@, lecture@"
        "passerelle.example\n  Ctrl-C arrête tout.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
