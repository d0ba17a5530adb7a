"""Accounts closed, opened again, given another role or a new link, and the administration that always remains."""

import threading
from collections.abc import Callable

import pytest

from store import accounts, administration, db, journal, tutoring
from store.administration import change_role, close, renew_link, reopen
from store.errors import Refused, Unknown
from store.journal import Author
from store.models import Invitation, LoginAttempt, SignIn, Tutor, User
from tests.pages import AUTHOR, PASSWORD, add_account
from tests.sync_bench import Cohort

ADDRESS = "192.0.2.1"
NOBODY = 999_999


@pytest.fixture
def someone(database_url: str) -> int:
    return named("reader")


def named(role: str, email: str = "") -> int:
    return User.get(User.email == add_account(role, email)).id


def told(field: str) -> list[tuple[str, str, str, str]]:
    """List (author, object, before, after) of what the journal says of a field of accounts."""
    return [
        (author, key, before, after)
        for _at, author, _door, kind, key, name, before, after in journal.entries()
        if (kind, name) == ("account", field)
    ]


def test_closing_ends_sign_ins_and_links_and_opening_brings_none_back(someone: int) -> None:
    signed_in, link = accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS), accounts.invite(someone)
    close(AUTHOR, someone)
    assert accounts.person(signed_in.token) is None
    with pytest.raises(Unknown):
        accounts.invited(link)
    with pytest.raises(Refused, match="inconnu"):
        accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS)
    reopen(AUTHOR, someone)
    assert accounts.person(signed_in.token) is None
    with pytest.raises(Unknown):
        accounts.invited(link)
    assert accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS).id == someone
    assert told("active") == [("Tests", str(someone), "closed", "open"), ("Tests", str(someone), "open", "closed")]


def test_a_sign_in_that_slipped_in_while_closing_does_not_come_back(someone: int) -> None:
    close(AUTHOR, someone)
    SignIn.insert(token_hash=accounts._digest("late"), user=someone).execute()
    late = accounts.invite(someone)
    reopen(AUTHOR, someone)
    assert accounts.person("late") is None
    with pytest.raises(Unknown):
        accounts.invited(late)


@pytest.mark.parametrize("verb", [close, reopen, lambda author, user: change_role(author, user, "reader")])
def test_what_is_so_already_is_not_told_again(someone: int, verb: Callable[[Author, int], None]) -> None:
    for _ in range(2):
        verb(AUTHOR, someone)
    assert len(told("active")) + len(told("role")) == (2 if verb is close else 1)


def test_a_new_role_counts_for_who_is_signed_in(someone: int) -> None:
    token = accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS).token
    change_role(AUTHOR, someone, "coordinator")
    assert accounts.person(token).role == "coordinator"
    assert told("role")[0] == ("Tests", str(someone), "reader", "coordinator")


@pytest.mark.parametrize("role", ["", "king", "Admin", "a" * 300])
def test_a_role_that_is_none_is_refused(someone: int, role: str) -> None:
    with pytest.raises(Refused, match="Rôle inconnu"):
        change_role(AUTHOR, someone, role)
    assert User.get_by_id(someone).role == "reader"


def test_a_new_link_ends_the_one_before_and_once_used_the_password_and_the_sign_ins(someone: int) -> None:
    old_link, token = accounts.invite(someone), accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS).token
    link = renew_link(AUTHOR, someone)
    with pytest.raises(Unknown):
        accounts.accept(old_link, "un tout autre mot de passe")
    assert accounts.person(token)
    accounts.accept(link, "un tout autre mot de passe")
    assert accounts.person(token) is None
    with pytest.raises(Refused, match="inconnu"):
        accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS)
    assert accounts.sign_in("reader@exemple.fr", "un tout autre mot de passe", ADDRESS)
    renew_link(AUTHOR, someone)
    assert told("invitation") == [("Tests", str(someone), "", "made"), ("Tests", str(someone), "waiting", "made")]
    assert link not in str(journal.entries())


def test_a_link_that_was_used_lets_in_who_had_tried_too_often(someone: int) -> None:
    LoginAttempt.insert_many(
        [{"account": "reader@exemple.fr", "address": "192.0.2.9"} for _ in range(accounts.ACCOUNT_LIMIT)]
    ).execute()
    with pytest.raises(Refused, match="Trop d'essais"):
        accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS)
    accounts.accept(renew_link(AUTHOR, someone), PASSWORD)
    assert accounts.sign_in("reader@exemple.fr", PASSWORD, ADDRESS).id == someone


def test_a_closed_account_gets_no_link(someone: int) -> None:
    close(AUTHOR, someone)
    with pytest.raises(Refused, match="rouvrez-le"):
        renew_link(AUTHOR, someone)
    assert not Invitation.select().where(Invitation.user == someone, Invitation.used_at.is_null()).exists()


@pytest.mark.parametrize("verb", [close, reopen, renew_link, lambda author, user: change_role(author, user, "reader")])
def test_nobody_is_unknown(someone: int, verb: Callable[[Author, int], object]) -> None:
    with pytest.raises(Unknown):
        verb(AUTHOR, NOBODY)


def test_nobody_closes_their_own_account_nor_leaves_the_administration(database_url: str) -> None:
    me, _other = named("admin"), named("admin", "autre@exemple.fr")
    myself = Author("Moi", "page", me)
    with pytest.raises(Refused, match="son propre compte"):
        close(myself, me)
    with pytest.raises(Refused, match="son propre rôle"):
        change_role(myself, me, "reader")
    change_role(myself, me, "admin")
    assert User.get_by_id(me).active
    assert User.get_by_id(me).role == "admin"
    assert renew_link(myself, me)


@pytest.mark.parametrize("verb", [close, lambda author, user: change_role(author, user, "reader")])
def test_the_last_open_account_of_the_administration_stays(
    database_url: str, verb: Callable[[Author, int], None]
) -> None:
    last, closed = named("admin"), named("admin", "ferme@exemple.fr")
    close(AUTHOR, closed)
    with pytest.raises(Refused, match="dernier compte ouvert"):
        verb(AUTHOR, last)
    change_role(AUTHOR, closed, "reader")
    assert (User.get_by_id(last).active, User.get_by_id(last).role) == (True, "admin")
    change_role(AUTHOR, named("tutor"), "admin")
    verb(AUTHOR, last)


@pytest.mark.parametrize("verb", [close, lambda author, user: change_role(author, user, "reader")])
def test_two_who_put_each_other_out_leave_one(database_url: str, verb: Callable[[Author, int], None]) -> None:
    both = [named("admin"), named("admin", "autre@exemple.fr")]
    refusals, together = [], threading.Barrier(2)

    def put_out(me: int, other: int) -> None:
        with db.connection():
            together.wait(30)
            try:
                verb(Author("Moi", "page", me), other)
            except Refused as error:
                refusals.append(str(error))

    threads = [threading.Thread(target=put_out, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 1
    assert User.select().where(User.active & (User.role == "admin")).count() == 1


def test_a_check_made_before_the_other_was_put_out_is_made_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold the first transaction open once it has looked: the second has to wait for it, and look then."""
    both = [named("admin"), named("admin", "autre@exemple.fr")]
    looked, outcome = threading.Event(), []

    def second() -> None:
        looked.wait(30)
        with db.connection():
            try:
                close(AUTHOR, both[0])
                outcome.append("closed")
            except Refused:
                outcome.append("refused")

    plain, thread = administration._shut, threading.Thread(target=second)

    def held(user: User, active: bool) -> None:
        if not looked.is_set():
            looked.set()
            thread.join(1)
        plain(user, active)

    monkeypatch.setattr(administration, "_shut", held)
    thread.start()
    close(AUTHOR, both[1])
    thread.join()
    assert outcome == ["refused"]


def test_a_tutor_whose_account_is_closed_keeps_it(cohort: Cohort) -> None:
    user = named("tutor")
    tutoring.add_tutor(AUTHOR, cohort.id, "Tania Tutrice", None, "tutor@exemple.fr")
    paper = next(iter(tutoring.snapshot(cohort.id)))
    tutoring.assign(AUTHOR, paper, "Tania Tutrice")
    close(AUTHOR, user)
    assert Tutor.get(Tutor.name == "Tania Tutrice").user_id == user
    assert tutoring.owner_users(cohort.id, paper) == {user}
    reopen(AUTHOR, user)
    assert tutoring.owner_users(cohort.id, paper) == {user}
