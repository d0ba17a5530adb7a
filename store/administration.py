"""Accounts as the administration changes them: closed, opened again, given another role, sent a new link."""

from rules.message import Message
from store import accounts
from store.accounts import ROLES
from store.changes import reserved
from store.db import database
from store.errors import Refused, Unknown
from store.journal import Author, record
from store.models import Invitation, SignIn, User

#: What the journal says of an account's access, and of its link.
OPEN, CLOSED, WAITING, MADE = "open", "closed", "waiting", "made"


def close(author: Author, user_id: int) -> None:
    """Let an account sign in no more, from its next request on; raise Unknown, or Refused for oneself or the last."""
    with database.atomic():
        user = _held(user_id)
        if not user.active:
            return
        if author.user_id == user_id:
            raise Refused("Personne ne ferme son propre compte : demandez-le à quelqu'un d'autre de l'administration.")
        _keep_one(user)
        _shut(user, active=False)
        record(author, None, "account", str(user_id), "active", OPEN, CLOSED)


def reopen(author: Author, user_id: int) -> None:
    """Let a closed account sign in again, by the password that it had; raise Unknown."""
    with database.atomic():
        user = _held(user_id)
        if user.active:
            return
        # A sign-in or a link made while the account was being closed does not come back with it.
        _shut(user, active=True)
        record(author, None, "account", str(user_id), "active", CLOSED, OPEN)


def change_role(author: Author, user_id: int, role: str) -> None:
    """Give an account another role, which counts at its next request; raise Unknown, or Refused saying why not."""
    if role not in ROLES:
        raise Refused(accounts.unknown_role(role))
    with database.atomic():
        user = _held(user_id)
        if user.role == role:
            return
        if author.user_id == user_id:
            raise Refused("Personne ne change son propre rôle : demandez-le à quelqu'un d'autre de l'administration.")
        _keep_one(user)
        User.update(role=role).where(User.id == user_id).execute()
        record(author, None, "account", str(user_id), "role", user.role, role)


def renew_link(author: Author, user_id: int) -> str:
    """Return the token of a new link by which an account chooses its password; the link before it is worth nothing.

    The password and the sign-ins that the account has are left until the link is used. Raise Unknown, or Refused for
    a closed account.
    """
    with database.atomic():
        user = _held(user_id)
        if not user.active:
            raise Refused(Message("Le compte %(email)s est fermé : rouvrez-le d'abord.", {"email": user.email}))
        former = WAITING if _forget_links(user_id) else ""
        record(author, None, "account", str(user_id), "invitation", former, MADE)
        return accounts.invite(user_id)


def _held(user_id: int) -> User:
    """Lock an account and every open one of the administration, in one order: who is the last of them stays true."""
    holding = (User.id == user_id) | ((User.role == "admin") & User.active)
    found = {user.id: user for user in reserved(User.select().where(holding).order_by(User.id))}
    if user_id not in found:
        raise Unknown(str(user_id))
    return found[user_id]


def _keep_one(user: User) -> None:
    """Refuse to take away the last open account of the administration; to be called with all of them locked."""
    others = User.select().where((User.role == "admin") & User.active & (User.id != user.id))
    if user.active and user.role == "admin" and not others.exists():
        raise Refused("C'est le dernier compte ouvert de l'administration : donnez d'abord ce rôle à quelqu'un.")


def _shut(user: User, active: bool) -> None:
    """End the sign-ins and the unused links of an account, and say whether it is open."""
    User.update(active=active).where(User.id == user.id).execute()
    SignIn.delete().where(SignIn.user == user.id).execute()
    _forget_links(user.id)


def _forget_links(user_id: int) -> int:
    return Invitation.delete().where((Invitation.user == user_id) & Invitation.used_at.is_null()).execute()
