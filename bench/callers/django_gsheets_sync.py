"""django-gsheets both ways, as its README says: `sync_sheet`."""

from functools import partial

from bench.callers.django_gsheets_push import prepare
from bench.callers.job import carry_out

if __name__ == "__main__":
    carry_out(partial(prepare, doing="sync_sheet"))
