"""`flask minutes …`: whether minutes and the journal are still what was sealed."""

import click
from flask.cli import AppGroup

from store import db, verification
from store.verification import Verified

minutes_commands = AppGroup("minutes", help="Verify minutes and the journal.")
#: Broken rows named in full; the others are counted.
NAMED = 20


@minutes_commands.command("verify")
@click.pass_context
def verify_command(context: click.Context) -> None:
    """Hold every row of the minutes and of the journal against its seal; exit 1 naming those that changed."""
    with db.connection():
        found = verification.verify()
    click.echo(_counts(found), err=bool(found.broken))
    for one in found.broken[:NAMED]:
        click.echo(f"{one.table} {one.key} : {one.what}", err=True)
    if len(found.broken) > NAMED:
        click.echo(f"… et {len(found.broken) - NAMED} autres.", err=True)
    context.exit(1 if found.broken else 0)


def _counts(found: Verified) -> str:
    read = f"Procès-verbaux : {found.minutes}, entrées du journal : {found.entries}, promotions : {found.cohorts}"
    if not found.broken:
        return f"{read}. Tout est tel qu'il a été scellé."
    return f"{read}. Lignes qui ne sont plus ce qui a été scellé : {len(found.broken)}."
