"""People who sign in."""

from peewee import AutoField, BooleanField, CharField, DateTimeField, ForeignKeyField, TextField

from store.models.base import Table, now


class User(Table):
    """A person who may sign in, in one role."""

    id = AutoField()
    email = CharField(unique=True)
    name = CharField()
    role = CharField()
    password_hash = TextField(default="")
    active = BooleanField(default=True)
    #: Who they are at Google, whatever their address becomes: kept at their first sign-in there.
    google_subject = CharField(null=True, unique=True)
    created_at = DateTimeField(default=now)


class SignIn(Table):
    """A row per sign-in, so that signing out, disabling or a new role ends it at once."""

    token_hash = CharField(primary_key=True)
    user = ForeignKeyField(User, on_delete="CASCADE", backref="sign_ins")
    created_at = DateTimeField(default=now)
    seen_at = DateTimeField(default=now)


class Invitation(Table):
    """A link that works once, by which somebody sets a password; only its digest is kept."""

    token_hash = CharField(primary_key=True)
    user = ForeignKeyField(User, on_delete="CASCADE")
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class LoginAttempt(Table):
    """A sign-in that failed, counted by account and by address."""

    id = AutoField()
    account = CharField(index=True)
    address = CharField(index=True)
    at = DateTimeField(default=now, index=True)
