"""What people type in a simulation: for each field a value that nobody else types, so that it can be followed."""

from datetime import date, timedelta

from rules.calendar import KINDS, MODALITIES
from rules.jury import DECISIONS
from rules.papers import MILESTONES
from store.people import FUNDINGS
from tests.sync_bench import TUTORS

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHOICES = {
    "funding": list(FUNDINGS.values()),
    "module": ["1 · Histoire", "2 · Droit"],
    "kind": list(KINDS.values()),
    "modality": list(MODALITIES.values()),
    "tutor": list(TUTORS),
    "milestone": [label for code, label in MILESTONES.items() if code],
    "decision": list(DECISIONS.values()),
    # Who waits is in one tab only: that is followed by tests of its own.
    "waiting": ["non"],
}
#: What no rule takes, by the start of the name of a field.
WRONG = {
    "email": "pas une adresse", "phone": "appeler le soir", "funding": "tombola", "fees_paid_on": "31/02/2025",
    "arrived_on": "un jour", "acknowledged_on": "0/0/0", "agreement_on": "bientôt", "committed_on": "31/04/2025",
    "waiting": "qui sait",
    "module": "99", "day": "32/01/2025", "start": "25:61", "end": "midi moins", "kind": "sieste", "modality": "rêve",
    "tutor": "Personne", "milestone": "loin", "deposited_on": "hier", "pages": "beaucoup", "link": "ici",
    "grade-": "21", "decision": "peut-être", "last_name": "1234", "first_name": "5678",
}  # fmt: skip


def word(number: int) -> str:
    """Return a number as letters, since no name has digits."""
    text = ""
    while True:
        number, rest = divmod(number, 26)
        text = LETTERS[rest] + text
        if not number:
            return text


def token(name: str, number: int) -> str:
    """Return what a person types in a field of this name, another text for each number."""
    if name in CHOICES:
        return CHOICES[name][number % len(CHOICES[name])]
    if name in _BY_NAME:
        return _BY_NAME[name](number)
    if name.startswith("grade-"):
        return f"{number % 19 + 1},{number % 89 + 10}"
    if name.startswith("S-"):
        return f"{'RD'[number % 2]} {number % 140 + 1}"
    return f"texte {number}"


_BY_NAME = {
    "last_name": lambda n: f"Nom {word(n)}",
    "first_name": lambda n: f"Prénom {word(n)}",
    "email": lambda n: f"personne{n}@exemple.fr",
    "phone": lambda n: f"06{n:08d}",
    "fees_paid_on": lambda n: _day(n, date(2024, 1, 1)),
    "arrived_on": lambda n: _day(n, date(2030, 1, 1)),
    "acknowledged_on": lambda n: _day(n, date(2033, 1, 1)),
    "agreement_on": lambda n: _day(n, date(2036, 1, 1)),
    "committed_on": lambda n: _day(n, date(2039, 1, 1)),
    "deposited_on": lambda n: _day(n, date(2026, 1, 1)),
    "day": lambda n: _day(n, date(2027, 1, 1)),
    "start": lambda n: f"{8 + n // 60 % 2}:{n % 60:02d}",
    "end": lambda n: f"{18 + n // 60 % 3}:{n % 60:02d}",
    "pages": lambda n: str(n % 1999 + 1),
    "link": lambda n: f"https://exemple.fr/{n}",
}


def wrong(name: str) -> str:
    """Return what the rules refuse in a field, '' when they take anything."""
    if name.startswith("S-"):
        return "peut-être"
    return next((text for start, text in WRONG.items() if name.startswith(start)), "")


def _day(number: int, first: date) -> str:
    return (first + timedelta(days=number)).strftime("%d/%m/%Y")
