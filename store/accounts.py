"""People who sign in: accounts, sign-ins, invitations, and throttled passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.security import check_password_hash, generate_password_hash

from rules.message import Message
from rules.values import TYPES
from store.db import as_datetime, database, rows
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Invitation, LoginAttempt, SignIn, User
from store.models.base import now

#: Roles and how staff call them.
ROLES = {
    "admin": "administration",
    "coordinator": "coordination",
    "tutor": "tutorat",
    "juror": "jury",
    "reader": "lecture",
}
IDLE = timedelta(hours=4)
ABSOLUTE = timedelta(hours=14)
INVITATION = timedelta(days=7)
THROTTLE = timedelta(minutes=15)
ACCOUNT_LIMIT, ADDRESS_LIMIT = 8, 60
MINIMUM_PASSWORD = 10
MOST_LETTERS = 250
#: How often a sign-in in use writes that it was seen: every request would be a write per page.
SEEN_EVERY = timedelta(minutes=1)
#: Compared with when the account is unknown, so that both answers take the same time: made as those of passwords are,
#: without the tenth of a second that making one would cost every process at its start. No password gives it.
DUMMY_HASH = f"scrypt:32768:8:1${secrets.token_urlsafe(12)}${'0' * 128}"


@dataclass(frozen=True)
class Person:
    """Tell who is signed in; `token` names the sign-in, not the account."""

    id: int
    email: str
    name: str
    role: str
    token: str = ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person(token: str) -> Person | None:
    """Return who holds this sign-in, or None when it ended, idled out or grew too old."""
    digest = _digest(token)
    found = rows(
        """
        SELECT u.id, u.email, u.name, u.role, s.created_at, s.seen_at
        FROM sign_in s JOIN "user" u ON u.id = s.user_id WHERE s.token_hash = ? AND u.active
        """,
        digest,
    )
    if not found:
        return None
    *fields, created_at, seen_at = found[0]
    created_at, seen_at, moment = as_datetime(created_at), as_datetime(seen_at), now()
    if moment - seen_at > IDLE or moment - created_at > ABSOLUTE:
        sign_out(token)
        return None
    if moment - seen_at > SEEN_EVERY:
        SignIn.update(seen_at=moment).where(SignIn.token_hash == digest).execute()
    return Person(*fields, token=token)


def sign_in(email: str, password: str, address: str) -> Person:
    """Open a sign-in, or raise Refused with the same words whether account or password is wrong."""
    email = email.strip().lower()
    _check_throttle(email, address)
    user = User.get_or_none((User.email == email) & User.active)
    good = check_password_hash(user.password_hash if user and user.password_hash else DUMMY_HASH, password)
    if user is None or not user.password_hash or not good:
        LoginAttempt.insert(account=email[:255], address=address, at=now()).execute()
        raise Refused(Message("Adresse ou mot de passe inconnu.", {}))
    LoginAttempt.delete().where(LoginAttempt.account == email).execute()
    return open_sign_in(user.id)


def sign_in_with_google(subject: str, email: str, address: str) -> Person:
    """Open a sign-in for whoever Google says this is; raise Refused when they have no account here.

    The subject is who they are for Google, for good; the address only finds an account at the first sign-in: given to
    somebody else later, it opens nothing. Google proves who one is, and gives no right.
    """
    email = email.strip().lower()
    account = f"google:{email}"[:255]
    _check_throttle(account, address)
    user = User.get_or_none(User.google_subject == subject)
    with database.atomic():
        try:
            user = user or _first_time(subject, email)
            return open_sign_in(user.id)
        except (Refused, Unknown) as error:
            refusal = error if isinstance(error, Refused) else _no_account(email)
    LoginAttempt.insert(account=account, address=address, at=now()).execute()
    raise refusal


def _no_account(email: str) -> Refused:
    return Refused(
        "Aucun compte n'est ouvert pour %(email)s : demandez une invitation à l'administration.", email=email
    )


def _first_time(subject: str, email: str) -> User:
    """Remember who an account is at Google; raise Unknown without one, Refused when it is somebody else there."""
    user = User.get_or_none((User.email == email) & User.active)
    if user is None:
        raise Unknown(email)
    linked = (
        User.update(google_subject=subject).where((User.id == user.id) & User.google_subject.is_null()).execute()
    )
    if not linked:
        raise Refused(
            "Le compte %(email)s est lié à un autre compte Google : l'administration peut le délier.", email=email
        )
    record(Author(user.name, "page", user.id), None, "account", str(user.id), "google", "", "linked")
    return user


def linked_to_google() -> set[int]:
    """Return the ids of the accounts that signed in with Google once."""
    return {key for (key,) in rows('SELECT id FROM "user" WHERE google_subject IS NOT NULL')}


def unlink_google(author: Author, user_id: int) -> None:
    """Forget who an account is at Google, and end its sign-ins; raise Unknown when it is not linked."""
    with database.atomic():
        where = (User.id == user_id) & User.google_subject.is_null(False)
        if not User.update(google_subject=None).where(where).execute():
            raise Unknown(str(user_id))
        SignIn.delete().where(SignIn.user == user_id).execute()
        record(author, None, "account", str(user_id), "google", "linked", "")


def open_sign_in(user_id: int) -> Person:
    """Open a sign-in for an account already authenticated; raise Unknown when it is not active."""
    user = User.get_or_none((User.id == user_id) & User.active)
    if user is None:
        raise Unknown(str(user_id))
    token = secrets.token_urlsafe(32)
    SignIn.insert(token_hash=_digest(token), user=user.id, created_at=now(), seen_at=now()).execute()
    return Person(user.id, user.email, user.name, user.role, token)


def sign_out(token: str) -> None:
    """End one sign-in."""
    SignIn.delete().where(SignIn.token_hash == _digest(token)).execute()


def _check_throttle(email: str, address: str) -> None:
    since = now() - THROTTLE
    recent = LoginAttempt.select().where(LoginAttempt.at > since)
    if (
        recent.where(LoginAttempt.account == email).count() >= ACCOUNT_LIMIT
        or recent.where(LoginAttempt.address == address).count() >= ADDRESS_LIMIT
    ):
        raise Refused(
            Message("Trop d'essais : attendez un quart d'heure, ou demandez un nouveau lien à l'administration.", {})
        )
    LoginAttempt.delete().where(LoginAttempt.at < since).execute()


def add(author: Author, email: str, name: str, role: str, password: str | None = None) -> str:
    """Create an account; return the token of its single-use invitation, or '' when a password is given."""
    email = TYPES["email"].parse(email)
    if not email or not name.strip():
        raise Refused(Message("Il faut une adresse électronique et un nom.", {}))
    if role not in ROLES:
        raise Refused(unknown_role(role))
    if len(email) > MOST_LETTERS or len(name) > MOST_LETTERS:
        raise Refused(Message("L'adresse et le nom ont %(most)s caractères au plus.", {"most": MOST_LETTERS}))
    hashed = _hashed(password) if password is not None else ""
    with database.atomic():
        if User.select().where(User.email == email).exists():
            raise Refused(Message("Il y a déjà un compte %(email)s.", {"email": email}))
        user = User.create(email=email, name=name.strip(), role=role, password_hash=hashed)
        record(author, None, "account", str(user.id), "role", "", role)
        return "" if password is not None else invite(user.id)


def unknown_role(role: str) -> Message:
    """Say that there is no such role, and which there are."""
    return Message("Rôle inconnu : %(role)s. Rôles possibles : %(roles)s.", {"role": role, "roles": ", ".join(ROLES)})


def invite(user_id: int) -> str:
    """Make a single-use link token with which this account chooses its password."""
    token = secrets.token_urlsafe(32)
    Invitation.insert(token_hash=_digest(token), user=user_id, expires_at=now() + INVITATION).execute()
    return token


def invited(token: str) -> str:
    """Return the address of the account an invitation is for; raise Unknown when used or too old."""
    found = rows(
        Invitation.select(User.email)
        .join(User)
        .where(
            (Invitation.token_hash == _digest(token))
            & Invitation.used_at.is_null()
            & (Invitation.expires_at > now())
            & User.active
        )
    )
    if not found:
        raise Unknown("invitation")
    return found[0][0]


def accept(token: str, password: str) -> Person:
    """Choose the password of an invited account, use the invitation up, and sign in."""
    hashed = _hashed(password)
    email = invited(token)
    with database.atomic():
        used = (
            Invitation.update(used_at=now())
            .where((Invitation.token_hash == _digest(token)) & Invitation.used_at.is_null())
            .execute()
        )
        if not used:
            raise Unknown("invitation")
        user = User.get(User.email == email)
        User.update(password_hash=hashed).where(User.id == user.id).execute()
        SignIn.delete().where(SignIn.user == user.id).execute()
        # Whoever tried in vain and asked for a link is not kept waiting after it.
        LoginAttempt.delete().where(LoginAttempt.account == email).execute()
        record(Author(user.name, "page", user.id), None, "account", str(user.id), "password", "", "changed")
        return open_sign_in(user.id)


def _hashed(password: str) -> str:
    if len(password) < MINIMUM_PASSWORD:
        raise Refused(
            Message("Le mot de passe doit avoir au moins %(n)d caractères.", {"n": MINIMUM_PASSWORD})
        )
    return generate_password_hash(password)


def accounts() -> list[tuple]:
    """List every account as (id, email, name, role, active, created_at)."""
    return rows(
        User.select(User.id, User.email, User.name, User.role, User.active, User.created_at).order_by(User.name)
    )


def exists(email: str) -> bool:
    """Tell whether there is an account with this address."""
    return User.select().where(User.email == email).exists()
