"""Accounts: sign-ins that end, throttled passwords, invitations used once."""

from datetime import timedelta

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from store import accounts
from store.errors import Refused, Unknown
from store.models import Invitation, JournalEntry, LoginAttempt, SignIn, User
from store.models.base import now
from tests.pages import AUTHOR, PASSWORD, add_account

ADDRESS = "192.0.2.1"


@pytest.fixture
def email(database_url: str) -> str:
    return add_account("reader")


def test_a_sign_in_is_a_row_that_ends_when_asked(email: str) -> None:
    person = accounts.sign_in(f" {email.upper()} ", PASSWORD, ADDRESS)
    assert (person.role, accounts.person(person.token)) == ("reader", person)
    assert not SignIn.select().where(SignIn.token_hash == person.token).exists()
    accounts.sign_out(person.token)
    assert accounts.person(person.token) is None


@pytest.mark.parametrize(
    ("column", "age", "ends"),
    [
        ("seen_at", accounts.IDLE - timedelta(minutes=1), False),
        ("seen_at", accounts.IDLE + timedelta(minutes=1), True),
        ("created_at", accounts.ABSOLUTE - timedelta(minutes=1), False),
        ("created_at", accounts.ABSOLUTE + timedelta(minutes=1), True),
    ],
)
def test_a_sign_in_idles_out_and_grows_too_old(email: str, column: str, age: timedelta, ends: bool) -> None:
    token = accounts.sign_in(email, PASSWORD, ADDRESS).token
    SignIn.update({column: now() - age}).execute()
    assert (accounts.person(token) is None) is ends


def test_a_closed_account_is_out_at_once(email: str) -> None:
    token = accounts.sign_in(email, PASSWORD, ADDRESS).token
    User.update(active=False).execute()
    assert accounts.person(token) is None
    with pytest.raises(Refused):
        accounts.sign_in(email, PASSWORD, ADDRESS)
    with pytest.raises(Unknown):
        accounts.open_sign_in(User.get().id)


def test_a_new_role_counts_at_once(email: str) -> None:
    token = accounts.sign_in(email, PASSWORD, ADDRESS).token
    User.update(role="tutor").execute()
    assert accounts.person(token).role == "tutor"


def test_too_many_tries_are_refused_even_with_the_right_password(email: str) -> None:
    for _ in range(accounts.ACCOUNT_LIMIT):
        with pytest.raises(Refused, match="inconnu"):
            accounts.sign_in(email, "faux", ADDRESS)
    with pytest.raises(Refused, match="Trop d'essais"):
        accounts.sign_in(email, PASSWORD, ADDRESS)
    LoginAttempt.update(at=now() - accounts.THROTTLE - timedelta(seconds=1)).execute()
    assert accounts.sign_in(email, PASSWORD, ADDRESS).email == email
    assert LoginAttempt.select().count() == 0


def test_an_address_that_tries_many_accounts_is_stopped(email: str) -> None:
    tries = [{"account": f"{n}@exemple.fr", "address": ADDRESS, "at": now()} for n in range(accounts.ADDRESS_LIMIT)]
    LoginAttempt.insert_many(tries).execute()
    with pytest.raises(Refused, match="Trop d'essais"):
        accounts.sign_in(email, PASSWORD, ADDRESS)
    assert accounts.sign_in(email, PASSWORD, "192.0.2.2").email == email


def test_an_invitation_is_used_once_and_ends_other_sign_ins(email: str) -> None:
    old = accounts.sign_in(email, PASSWORD, ADDRESS).token
    token = accounts.invite(User.get().id)
    assert accounts.invited(token) == email
    with pytest.raises(Refused):
        accounts.accept(token, "court")
    person = accounts.accept(token, "un autre mot de passe")
    assert accounts.person(person.token).email == email
    assert accounts.person(old) is None
    with pytest.raises(Unknown):
        accounts.accept(token, "encore un autre mot")
    assert accounts.sign_in(email, "un autre mot de passe", ADDRESS)
    entry = JournalEntry.get(JournalEntry.field == "password")
    assert "autre mot" not in entry.before + entry.after


def test_an_old_invitation_and_a_closed_account_are_not_taken(email: str) -> None:
    token = accounts.invite(User.get().id)
    Invitation.update(expires_at=now() - timedelta(seconds=1)).execute()
    with pytest.raises(Unknown):
        accounts.invited(token)
    Invitation.update(expires_at=now() + timedelta(days=1)).execute()
    User.update(active=False).execute()
    with pytest.raises(Unknown):
        accounts.invited(token)


def test_neither_tokens_nor_passwords_are_kept_as_they_are(email: str) -> None:
    token = accounts.invite(User.get().id)
    assert token not in [row.token_hash for row in Invitation.select()]
    assert PASSWORD not in User.get().password_hash


@pytest.mark.parametrize(
    ("given", "name", "role"),
    [("pas une adresse", "Nina", "reader"), ("n@exemple.fr", " ", "reader"), ("n@exemple.fr", "Nina", "king"),
     ("reader@exemple.fr", "Nina", "reader")],
)  # fmt: skip
def test_a_wrong_account_is_refused(email: str, given: str, name: str, role: str) -> None:
    with pytest.raises(Refused):
        accounts.add(AUTHOR, given, name, role)
    assert User.select().count() == 1


def test_what_an_unknown_account_is_compared_with_costs_what_a_password_does_and_nothing_gives_it() -> None:
    ours, real = (text.split("$") for text in (accounts.DUMMY_HASH, generate_password_hash("motdepasse")))
    assert ours[0] == real[0]
    assert [len(part) for part in ours] == [len(part) for part in real]
    assert not check_password_hash(accounts.DUMMY_HASH, "")
    assert not check_password_hash(accounts.DUMMY_HASH, "motdepasse")
