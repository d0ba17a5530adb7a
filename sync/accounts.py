"""The service accounts of the settings: which one a book is shared with, and this thread's connection with it."""

import threading
from collections import Counter

from settings import ServiceAccountError, Settings
from store import quota
from sync.book import Sheets
from sync.metered import Metered


def connect(settings: Settings, address: str = "") -> Metered:
    """Open a connection with one service account, by default the first; raise BookTrouble or ServiceAccountError."""
    account = settings.service_account(address)
    sheets = Sheets(account, settings.sheets_api_root, settings.drive_api_root)
    return Metered(sheets, sheets.account, str(account.get("project_id", "")))


class Accounts:
    """The service accounts of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mine = threading.local()
        try:
            found = settings.service_accounts()
        except ServiceAccountError:
            # Each book says what is wrong with the settings when its turn comes.
            found = []
        #: {address: project}, in the order of the settings.
        self.projects = {info["client_email"]: str(info.get("project_id", "")) for info in found}

    def address(self, account: str) -> str:
        """Return the address of a book's account, that of the first when the book says none."""
        return account or next(iter(self.projects), "")

    def buckets(self, account: str, kind: str) -> dict[str, quota.Limit]:
        """Return the buckets that a call of this account counts against."""
        return quota.buckets(account, self.projects.get(account, ""), kind)

    def rate(self, account: str) -> float:
        """Return how many reads a second this account may make when all of its project read at once."""
        sharing = Counter(self.projects.values())
        project = self.projects.get(account, "")
        return min(quota.ACCOUNT.rate, quota.PROJECT.rate / sharing[project] if project else quota.ACCOUNT.rate)

    def connections(self) -> list[Metered]:
        """Return this thread's connections in the order of the settings; raise as `connect` does without any."""
        return [self.connection(account) for account in self.projects or ("",)]

    def connection(self, account: str) -> Metered:
        """Return this thread's connection: gspread's clients are not to be shared between threads."""
        known = self._mine.__dict__
        if account not in known:
            known[account] = connect(self._settings, account)
        return known[account]
