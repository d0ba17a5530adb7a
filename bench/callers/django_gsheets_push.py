"""django-gsheets, from the model to the sheet: `push_to_sheet`."""

from collections.abc import Callable
from functools import partial
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from bench.callers.job import Job, Tab, carry_out, credentials
from bench.calls_books import held, texts

settings.configure(
    INSTALLED_APPS=["gsheets"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import connection, models  # noqa: E402 - Django must be configured first
from gsheets import gsheets, mixins  # noqa: E402
from gsheets.models import AccessCredentials  # noqa: E402


def model(job: Job, tab: Tab, number: int) -> Any:
    """Declare the model of a tab as the README does, with a field for each column that is ours."""
    names = [name for name in tab.header if name == "guid" or name[0] == "f" and name[1:].isdigit()]
    fields: dict[str, Any] = {name: models.CharField(max_length=255, null=True, blank=True) for name in names}
    fields["guid"] = models.CharField(primary_key=True, max_length=255)
    place: dict[str, Any] = {"spreadsheet_id": job.book, "sheet_name": tab.title}
    place |= {"model_id_field": "guid", "sheet_id_field": "guid"}
    # Its 30,000 rows by default are more than a tab has: Google would refuse every write, which it repeats for ever.
    place["max_rows"] = len(held(job.url, job.book)[tab.title])
    meta = type("Meta", (), {"app_label": "gsheets"})
    bases = (mixins.SheetSyncableMixin, models.Model)
    return type(f"Tab{number}", bases, {**fields, **place, "__module__": __name__, "Meta": meta})


def filled(job: Job) -> list[Any]:
    """Return a model for each tab, its table holding what the sheet holds, then the changes made on this side."""
    call_command("migrate", verbosity=0)
    _authorize(job)
    found = []
    for number, tab in enumerate(job.tabs):
        table = model(job, tab, number)
        with connection.schema_editor() as editor:
            editor.create_model(table)
        names = {field.name for field in table._meta.fields}
        header, *rows = texts(job.url, job.book, tab.title)
        held = [{name: text for name, text in zip(header, row, strict=False) if name in names} for row in rows]
        table.objects.bulk_create(table(**row) for row in held)
        for change in tab.changes:
            table.objects.filter(guid=change.guid).update(**{change.header: change.value})
        found.append(table)
    return found


def _authorize(job: Job) -> None:
    """Do what `/gsheets/authorize/` does with Google's own page, and send to localsheets what is meant for Google."""
    token = credentials(job.url).token
    AccessCredentials.objects.create(token=token, token_uri=f"{job.url}/token", scopes="[]")
    gsheets.build = partial(gsheets.build, client_options={"api_endpoint": job.url})


def prepare(job: Job, doing: str = "push_to_sheet") -> Callable[[], object]:
    """Return the work: each model in turn, as the command `syncgsheets` does."""
    tables = filled(job)

    def work() -> None:
        for table in tables:
            getattr(table, doing)()

    return work


if __name__ == "__main__":
    carry_out(prepare)
