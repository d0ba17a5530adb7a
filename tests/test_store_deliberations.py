"""Sessions of a jury: what opens and closes, what is decided in one, who sat, who stepped out."""

from decimal import Decimal

import pytest

from rules.rule_set import Honours
from store import (
    accounts,
    candidates,
    decisions,
    deliberations,
    jury,
    jury_members,
    minutes,
    people,
    rosters,
    tutoring,
    tutors,
)
from store.db import database
from store.errors import Changed, Refused, Unknown
from store.models import Candidacy, Decision, Deliberation, JournalEntry, JuryMember
from tests.jury_sessions import (
    AUTHOR,
    CHAIR,
    ORDER,
    OTHER,
    PASSED,
    PROVIDER,
    TODAY,
    closed,
    everybody_there,
    opened,
    passing,
    prepared,
    printed,
    set_rules,
)
from tests.sync_bench import PAGE, TUTORS, Cohort, make_cohort


def line(cohort: Cohort, key: int, place: int = 0) -> candidates.Line:
    who = cohort.participants[place]
    return next(one for one in candidates.lines(cohort.id, key, TODAY) if one.id == who)


def lacks(cohort: Cohort, key: int) -> list[str]:
    return [obstacle.code for obstacle in deliberations.lacks_to_close(cohort.id, key, TODAY)]


# -- preparing and opening -------------------------------------------------------------------------------


def test_a_session_is_prepared_changed_and_listed(cohort: Cohort) -> None:
    key = deliberations.prepare(AUTHOR, cohort.id, {"order_number": "2025-12"})
    deliberations.change(AUTHOR, key, {"order_date": "02/06/2025", "place": "21.2.32"}, {"place": ""})
    found = deliberations.session(cohort.id, key)
    assert (found.state, found.order_number, str(found.order_date), found.place) == (
        "prepared", "2025-12", "2025-06-02", "21.2.32"
    )  # fmt: skip
    assert [one.id for one in deliberations.listed(cohort.id)] == [key]
    with pytest.raises(Changed):
        deliberations.change(AUTHOR, key, {"place": "ailleurs"}, {"place": ""})
    with pytest.raises(Refused) as wrong:
        deliberations.change(AUTHOR, key, {"order_date": "le 2 juin"})
    assert wrong.value.field == "order_date"


def test_a_session_of_another_cohort_is_unknown(cohort: Cohort) -> None:
    other = make_cohort("AUTRE-2025")
    key = deliberations.prepare(AUTHOR, other.id, ORDER)
    with pytest.raises(Unknown):
        deliberations.session(cohort.id, key)
    with pytest.raises(Unknown):
        deliberations.open_session(AUTHOR, key + 1)


def test_what_is_missing_prevents_opening(cohort: Cohort) -> None:
    key = deliberations.prepare(AUTHOR, cohort.id, {})
    assert [one.code for one in deliberations.lacks_to_open(cohort.id, key)] == [
        "president", "members", "order_number", "order_date", "held_on",
    ]  # fmt: skip
    with pytest.raises(Refused, match="préside"):
        deliberations.open_session(AUTHOR, key)
    assert Deliberation.get().state == "prepared"
    assert Candidacy.select().count() == 0


def test_opening_calls_everybody_by_name_and_stands_at_the_first(cohort: Cohort) -> None:
    people.remove(PAGE, cohort.participants[5])
    key = opened(cohort)
    found = candidates.lines(cohort.id, key, TODAY)
    assert [one.name for one in found] == [
        "Arnaud Inès", "Bernard Théo", "Chevalier Noé", "Dupont Jeanne", "Étienne Zoé",
    ]  # fmt: skip
    session = deliberations.session(cohort.id, key)
    assert (session.state, session.at_enrolment, session.opened_by) == ("open", found[0].id, AUTHOR.name)
    assert (session.candidates, session.decided) == (5, 0)
    with pytest.raises(Refused, match="déjà été ouverte"):
        deliberations.open_session(AUTHOR, key)


def test_one_session_at_most_is_open_in_a_cohort(cohort: Cohort) -> None:
    opened(cohort)
    second, elsewhere = prepared(cohort), make_cohort("AUTRE-2025")
    with pytest.raises(Refused, match="autre délibération"):
        deliberations.open_session(AUTHOR, second)
    assert deliberations.session(elsewhere.id, opened(elsewhere)).state == "open"


# -- the jury --------------------------------------------------------------------------------------------


def test_members_are_named_changed_and_taken_out(cohort: Cohort) -> None:
    key = prepared(cohort)
    member = next(one for one in jury_members.named(key) if one.name == OTHER)
    jury_members.change(AUTHOR, key, member.id, {"quality": "maître de conférences", "convened_on": "2025-06-10"})
    jury_members.change(AUTHOR, key, member.id, {"present": "non"})
    found = next(one for one in jury_members.named(key) if one.id == member.id)
    assert (found.quality, str(found.convened_on), found.present) == ("maître de conférences", "2025-06-10", False)
    jury_members.change(AUTHOR, key, member.id, {"present": ""})
    assert jury_members.values(key, member.id)["present"] == ""
    with pytest.raises(Changed):
        jury_members.change(AUTHOR, key, member.id, {"quality": "x"}, {"quality": ""})
    jury_members.remove(AUTHOR, key, member.id)
    assert [one.name for one in jury_members.named(key)] == [CHAIR]
    with pytest.raises(Unknown):
        jury_members.change(AUTHOR, key, member.id, {"quality": "x"})


@pytest.mark.parametrize(
    ("raw", "field"),
    [({"name": ""}, "name"), ({}, "name"), ({"name": "anne  AUBRY"}, "name"),
     ({"name": "X", "account": "x"}, "account"),
     ({"name": "X", "account": "personne@exemple.fr"}, "account"), ({"name": "X", "tutor": "Inconnue"}, "tutor"),
     ({"name": "X", "convened_on": "hier"}, "convened_on"), ({"name": "X", "present": "peut-être"}, "present")],
)  # fmt: skip
def test_what_is_wrong_of_a_member_is_refused_by_its_field(cohort: Cohort, raw: dict, field: str) -> None:
    key = prepared(cohort)
    with pytest.raises(Refused) as refused:
        jury_members.add(AUTHOR, key, raw)
    assert refused.value.field == field
    assert JuryMember.select().count() == 2


def test_a_member_named_like_a_tutor_is_taken_for_them(cohort: Cohort) -> None:
    key = prepared(cohort, "FONTAINE Claire")
    assert {one.name: one.tutor for one in jury_members.named(key)}["FONTAINE Claire"] == TUTORS[0]
    jury_members.add(AUTHOR, key, {"name": "Denis Morel", "tutor": ""})
    assert {one.name: one.tutor for one in jury_members.named(key)}["Denis Morel"] == ""


def test_the_account_of_the_same_name_is_theirs_when_it_is_alone(cohort: Cohort) -> None:
    for email, name in (("a@exemple.fr", "Chloé Caron"), ("b@exemple.fr", "Paul Petit"), ("c@e.fr", "Petit Paul")):
        accounts.add(AUTHOR, email, name, "juror")
    key = prepared(cohort, "CARON Chloé", "Paul Petit")
    found = {one.name: one.account for one in jury_members.named(key)}
    assert (found["CARON Chloé"], found["Paul Petit"], found[OTHER]) == ("a@exemple.fr", "", "")


# -- deciding --------------------------------------------------------------------------------------------


def test_a_decision_is_taken_with_the_proposal_of_that_moment(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, PASSED)
    key = opened(cohort)
    assert candidates.decide(AUTHOR, key, who, {"decision": "admitted", "remark": "Beau travail."}) == {
        "decision": "admitted", "remark": "Beau travail.",
    }  # fmt: skip
    kept = Decision.get()
    assert (kept.proposed, kept.by, kept.deliberation_id, kept.reason) == ("admitted", AUTHOR.name, key, "")
    found = line(cohort, key)
    assert (found.decision, found.remark, found.taken) == ("admitted", "Beau travail.", True)
    assert deliberations.session(cohort.id, key).decided == 1


def test_a_recorded_decision_changes_only_with_a_reason(cohort: Cohort) -> None:
    who = cohort.participants[0]
    key = opened(cohort)
    candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    for wanted in ("admitted", ""):
        with pytest.raises(decisions.ReasonAsked):
            candidates.decide(AUTHOR, key, who, {"decision": wanted}, " ")
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"}, "Erreur de lecture.", {"decision": "resit"})
    assert (line(cohort, key).decision, line(cohort, key).reason) == ("admitted", "Erreur de lecture.")
    entry = JournalEntry.select().where(JournalEntry.field == "decision").order_by(JournalEntry.id.desc()).first()
    assert (entry.before, entry.after, entry.reason) == ("resit", "admitted", "Erreur de lecture.")
    with pytest.raises(Changed):
        candidates.decide(AUTHOR, key, who, {"decision": "resit"}, "Encore.", {"decision": "resit"})


def test_why_a_decision_was_taken_back_goes_with_the_one_that_follows(cohort: Cohort) -> None:
    passing(cohort)
    key, who = opened(cohort), cohort.participants[0]
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    candidates.decide(AUTHOR, key, who, {"decision": ""}, "Erreur de ligne.")
    assert line(cohort, key).reason == ""
    candidates.decide(AUTHOR, key, who, {"decision": "adjourned"})
    assert line(cohort, key).reason == "Erreur de ligne."
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"}, "Relecture.")
    assert line(cohort, key).reason == "Relecture."
    # What another session took back is not told of this one.
    candidates.decide(AUTHOR, key, who, {"decision": ""}, "À revoir.")
    deliberations.abandon(AUTHOR, key)
    again = prepared(cohort)
    deliberations.open_session(AUTHOR, again)
    candidates.decide(AUTHOR, again, who, {"decision": "admitted"})
    assert line(cohort, again).reason == ""


def test_the_sheet_takes_a_first_decision_and_never_changes_one_while_the_jury_sits(cohort: Cohort) -> None:
    first, second, third = cohort.participants[:3]
    jury.change(PAGE, third, {"decision": "defaulted"})
    key = opened(cohort)
    jury.change(PAGE, first, {"decision": "admis.e"})
    assert Decision.get(Decision.enrolment == first).deliberation_id == key
    for who, wanted in ((first, "resit"), (first, ""), (third, "admitted")):
        with pytest.raises(Refused, match="motif"):
            jury.change(PAGE, who, {"decision": wanted})
    # A cell that is refused leaves the others of its line as they were asked.
    jury.change(PAGE, second, {"grade-RSV206": "12", "decision": "adjourned"})
    assert jury.held([second])[second]["grade-RSV206"] == "12"


def test_a_prepared_decision_is_confirmed_by_the_session(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, {"decision": "adjourned"})
    key = opened(cohort)
    assert (line(cohort, key).decision, line(cohort, key).taken) == ("adjourned", False)
    assert candidates.decide(AUTHOR, key, who, {"decision": "adjourned"}) == {"confirmed": "adjourned"}
    assert line(cohort, key).taken
    assert candidates.decide(AUTHOR, key, who, {"decision": "adjourned"}) == {}


def test_a_decision_that_no_longer_agrees_is_flagged_and_confirmed_never_changed(cohort: Cohort) -> None:
    who = cohort.participants[0]
    jury.change(AUTHOR, who, PASSED)
    key = opened(cohort)
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    rosters.change(PAGE, who, dict.fromkeys(cohort.half_days, "A"))
    found = line(cohort, key)
    assert (found.decision, found.dossier.drifted) == ("admitted", True)
    candidates.decide(AUTHOR, key, who, {"decision": "admitted"})
    found = line(cohort, key)
    assert (found.decision, found.dossier.drifted, found.dossier.proposed) == ("admitted", False, "defaulted")


def test_a_mention_goes_with_an_admission_and_leaves_with_it(cohort: Cohort) -> None:
    set_rules(cohort, honours=(Honours("bien", Decimal(14)),))
    who = cohort.participants[0]
    jury.change(AUTHOR, who, PASSED)
    key = opened(cohort)
    assert line(cohort, key).proposed_honours == "bien"
    with pytest.raises(Refused) as refused:
        candidates.decide(AUTHOR, key, who, {"decision": "resit", "honours": "bien"})
    assert refused.value.field == "honours"
    with pytest.raises(Refused):
        candidates.decide(AUTHOR, key, who, {"decision": "admitted", "honours": "très bien"})
    candidates.decide(AUTHOR, key, who, {"decision": "admitted", "honours": "bien"})
    assert line(cohort, key).honours == "bien"
    gone = candidates.decide(AUTHOR, key, who, {"decision": "adjourned"}, "Note corrigée.")
    assert gone == {"decision": "adjourned", "honours": ""}
    assert line(cohort, key).honours == ""


def test_a_remark_waits_for_the_decision_that_it_goes_with(cohort: Cohort) -> None:
    who = cohort.participants[0]
    key = opened(cohort)
    with pytest.raises(Refused) as refused:
        candidates.decide(AUTHOR, key, who, {"remark": "À revoir."})
    assert refused.value.field == "remark"
    assert Decision.select().count() == 0


def test_nothing_is_decided_of_somebody_else_nor_outside_an_open_session(cohort: Cohort) -> None:
    key, other = prepared(cohort), make_cohort("AUTRE-2025")
    with pytest.raises(Unknown):
        candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "resit"})
    deliberations.open_session(AUTHOR, key)
    with pytest.raises(Unknown):
        candidates.decide(AUTHOR, key, other.participants[0], {"decision": "resit"})
    deliberations.abandon(AUTHOR, key)
    with pytest.raises(Refused, match="n'est pas ouverte"):
        candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "resit"})
    with pytest.raises(Refused, match="n'est pas ouverte"):
        candidates.stand_at(key, cohort.participants[0])
    assert Decision.select().count() == 0


def test_the_candidate_at_hand_is_remembered_and_open_pages_are_told(cohort: Cohort) -> None:
    key = opened(cohort)
    before = people.version(cohort.id)
    candidates.stand_at(key, cohort.participants[3])
    assert deliberations.session(cohort.id, key).at_enrolment == cohort.participants[3]
    moved = people.version(cohort.id)
    assert moved == before + 1
    candidates.stand_at(key, cohort.participants[3])
    assert people.version(cohort.id) == moved
    with pytest.raises(Unknown):
        candidates.stand_at(key, "P-NOWHERE")


# -- a member who followed the paper ---------------------------------------------------------------------


def follow(cohort: Cohort, place: int, **tutors: str) -> None:
    paper = tutoring.beside(cohort.participants[place])[1]
    tutoring.change(PAGE, paper, tutors)


def test_a_member_who_followed_the_paper_is_marked_on_that_line_alone(cohort: Cohort) -> None:
    follow(cohort, 0, tutor=TUTORS[0])
    follow(cohort, 1, tutor=TUTORS[1], cotutor=TUTORS[0])
    key = opened(cohort, TUTORS[0])
    assert [one.tutors for one in candidates.lines(cohort.id, key, TODAY)] == [
        (TUTORS[0],), (TUTORS[0],), (), (), (), (),
    ]  # fmt: skip
    # The setting only warns: the decision is taken.
    candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "resit"})


@pytest.mark.parametrize("door", ["session", "sheet"])
def test_where_it_is_the_rule_they_step_out_before_anything_is_decided(cohort: Cohort, door: str) -> None:
    set_rules(cohort, tutor_member="step_out")
    follow(cohort, 0, tutor=TUTORS[0])
    key, who = opened(cohort, TUTORS[0]), cohort.participants[0]

    def decide() -> None:
        if door == "session":
            candidates.decide(AUTHOR, key, who, {"decision": "resit"})
        else:
            jury.change(PAGE, who, {"decision": "resit"})

    with pytest.raises(Refused, match="retrait"):
        decide()
    candidates.step_out(AUTHOR, key, who, TUTORS[0])
    decide()
    assert line(cohort, key).stepped_out == (TUTORS[0],)
    with pytest.raises(Refused, match="pendant ce retrait"):
        candidates.step_out(AUTHOR, key, who, TUTORS[0], out=False)
    with pytest.raises(Unknown):
        candidates.step_out(AUTHOR, key, who, "Personne")


def test_a_tutor_who_came_after_the_jury_was_named_is_known_when_it_opens(cohort: Cohort) -> None:
    key = prepared(cohort, "Nadia Tardive", "Omar Homonyme")
    kept = next(one for one in jury_members.named(key) if one.name == "Omar Homonyme")
    for name in ("Tardive Nadia", "Omar Homonyme"):
        tutors.add(PAGE, cohort.id, {"name": name})
    # Of one somebody said that they only share a name.
    for name in ("Omar Homonyme", ""):
        jury_members.change(AUTHOR, key, kept.id, {"tutor": name})
    follow(cohort, 0, tutor="Tardive Nadia", cotutor="Omar Homonyme")
    deliberations.open_session(AUTHOR, key)
    assert line(cohort, key).tutors == ("Nadia Tardive",)


def test_a_tutor_who_comes_or_is_renamed_while_the_jury_sits_is_taken_for_the_member_of_the_same_name(
    cohort: Cohort,
) -> None:
    key = opened(cohort, "Nadia Tardive", "Omar Élan")
    assert line(cohort, key).tutors == ()
    tutors.add(PAGE, cohort.id, {"name": "TARDIVE Nadia"})
    other = tutors.add(PAGE, cohort.id, {"name": "Omar Elam"})
    follow(cohort, 0, tutor="TARDIVE Nadia", cotutor="Omar Elam")
    assert line(cohort, key).tutors == ("Nadia Tardive",)
    tutors.change(PAGE, cohort.id, other, {"name": "Omar Elan"})
    assert line(cohort, key).tutors == ("Nadia Tardive", "Omar Élan")
    told = JournalEntry.select().where((JournalEntry.kind == "jury_member") & (JournalEntry.field == "tutor"))
    assert [(one.author, one.before, one.after) for one in told.order_by(JournalEntry.id)] == [
        (PAGE.name, "", "TARDIVE Nadia"), (PAGE.name, "", "Omar Elan"),
    ]  # fmt: skip
    # Of one somebody said since that they only share a name: a tutor renamed back and forth changes nothing of it.
    member = next(one for one in jury_members.named(key) if one.name == "Omar Élan")
    jury_members.change(AUTHOR, key, member.id, {"tutor": ""})
    tutors.change(PAGE, cohort.id, other, {"name": "Elan Omar"})
    assert line(cohort, key).tutors == ("Nadia Tardive",)


def test_two_members_of_one_name_or_a_session_that_is_over_are_taken_for_nobody(cohort: Cohort) -> None:
    key = opened(cohort, "Nadia Tardive", "Tardive Nadia")
    tutors.add(PAGE, cohort.id, {"name": "Nadia Tardive"})
    assert {one.tutor for one in jury_members.named(key)} == {""}
    deliberations.abandon(AUTHOR, key)
    over = prepared(cohort, "Zoé Zimmer")
    deliberations.abandon(AUTHOR, over)
    tutors.add(PAGE, cohort.id, {"name": "Zoé Zimmer"})
    assert {one.tutor for one in jury_members.named(over)} == {""}


def test_a_member_who_is_away_has_nothing_to_step_out_of(cohort: Cohort) -> None:
    set_rules(cohort, tutor_member="step_out")
    follow(cohort, 0, tutor=TUTORS[0])
    key, who = opened(cohort, TUTORS[0]), cohort.participants[0]
    member = next(one for one in jury_members.named(key) if one.name == TUTORS[0])
    jury_members.change(AUTHOR, key, member.id, {"present": "non"})
    candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    assert (line(cohort, key).tutors, line(cohort, key).there) == ((TUTORS[0],), ())


def test_a_prepared_decision_is_taken_again_without_who_stepped_out(cohort: Cohort) -> None:
    set_rules(cohort, tutor_member="step_out")
    follow(cohort, 0, tutor=TUTORS[0])
    who = cohort.participants[0]
    for one in cohort.participants:
        jury.change(AUTHOR, one, {"decision": "resit"})
    key = opened(cohort, TUTORS[0])
    everybody_there(key)
    assert lacks(cohort, key) == ["stepped_out"]
    with pytest.raises(Refused, match="retrait"):
        candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    candidates.step_out(AUTHOR, key, who, TUTORS[0])
    assert lacks(cohort, key) == ["prepared"]
    candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    assert lacks(cohort, key) == []


def test_who_stepped_out_stays_named_under_their_name(cohort: Cohort) -> None:
    follow(cohort, 0, tutor=TUTORS[0])
    key, who = opened(cohort, TUTORS[0]), cohort.participants[0]
    candidates.step_out(AUTHOR, key, who, TUTORS[0])
    member = next(one for one in jury_members.named(key) if one.name == TUTORS[0])
    with pytest.raises(Refused, match="garde trace"):
        jury_members.remove(AUTHOR, key, member.id)
    jury_members.change(AUTHOR, key, member.id, {"name": "Claire Fontaine-Leroy"})
    assert line(cohort, key).stepped_out == ("Claire Fontaine-Leroy",)


# -- closing, giving up ----------------------------------------------------------------------------------


def test_what_is_missing_prevents_closing(cohort: Cohort) -> None:
    key = opened(cohort)
    assert lacks(cohort, key) == ["presence"] * 2 + ["undecided"] * 6
    everybody_there(key)
    for who in cohort.participants[:5]:
        candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    with pytest.raises(Refused, match="Fabre Hugo : rien n'est décidé"):
        deliberations.close(AUTHOR, key, {}, lambda data: b"")
    assert Deliberation.get().state == "open"


def test_units_put_under_a_number_while_the_jury_sits_prevent_closing(cohort: Cohort) -> None:
    key = opened(cohort)
    everybody_there(key)
    for who in cohort.participants:
        candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    assert lacks(cohort, key) == []
    set_rules(cohort, anonymous=True)
    assert lacks(cohort, key) == ["covered"]
    with pytest.raises(Refused, match="anonymat"):
        deliberations.close(AUTHOR, key, PROVIDER, printed)


def test_a_session_given_up_leaves_its_decisions_prepared(cohort: Cohort) -> None:
    passing(cohort)
    key = opened(cohort)
    candidates.decide(AUTHOR, key, cohort.participants[0], {"decision": "admitted"})
    deliberations.abandon(AUTHOR, key)
    kept = Decision.get()
    assert (kept.decision, kept.deliberation_id) == ("admitted", None)
    jury.change(PAGE, cohort.participants[0], {"decision": "resit"})
    with pytest.raises(Refused):
        deliberations.abandon(AUTHOR, key)
    with pytest.raises(Refused):
        deliberations.change(AUTHOR, key, {"place": "x"})
    with pytest.raises(Refused):
        jury_members.add(AUTHOR, key, {"name": "Trop Tard"})
    assert database.in_transaction() is False


# -- minutes, and what corrects them ---------------------------------------------------------------------


def test_closing_seals_minutes_and_nothing_of_the_session_changes_any_more(cohort: Cohort) -> None:
    key = closed(cohort)
    session = deliberations.session(cohort.id, key)
    assert (session.state, session.closed_by, session.number) == ("closed", AUTHOR.name, "PV-2025-0001")
    held = minutes.contents(session.number)
    assert held["counts"] == {"admitted": 5, "adjourned": 0, "defaulted": 0, "resit": 1}
    assert [one["name"] for one in held["members"]] == [CHAIR, OTHER]
    who = cohort.participants[0]
    for change in (
        lambda: jury.change(PAGE, who, {"decision": "resit"}), lambda: jury.change(PAGE, who, {"grade-paper": "8"}),
        lambda: candidates.decide(AUTHOR, key, who, {"decision": "resit"}, "Erreur."),
        lambda: deliberations.abandon(AUTHOR, key), lambda: deliberations.open_session(AUTHOR, key),
        lambda: deliberations.close(AUTHOR, key, PROVIDER, printed),
    ):  # fmt: skip
        with pytest.raises(Refused):
            change()
    assert jury.held([who])[who]["decision"] == "admitted"


def test_a_decision_that_was_only_prepared_is_taken_with_the_others(cohort: Cohort) -> None:
    for who in cohort.participants:
        jury.change(AUTHOR, who, {"decision": "resit"})
    key = opened(cohort)
    everybody_there(key)
    deliberations.close(AUTHOR, key, PROVIDER, printed)
    assert {row.deliberation_id for row in Decision.select()} == {key}


def test_minutes_hold_one_moment_what_is_proposed_and_why_is_that_of_the_closing(cohort: Cohort) -> None:
    passing(cohort)
    first, second = cohort.participants[:2]
    jury.change(AUTHOR, second, {"grade-RSV206": "9,5"})
    key = opened(cohort)
    everybody_there(key)
    for who in cohort.participants:
        candidates.decide(AUTHOR, key, who, {"decision": "adjourned" if who == second else "admitted"})
    taken = Decision.get(Decision.enrolment == first).at
    jury.change(PAGE, first, {"grade-RSV206": "9,99"})
    jury.change(PAGE, second, {"grade-RSV206": "3"})
    lines = minutes.contents(deliberations.close(AUTHOR, key, PROVIDER, printed))["candidates"]
    held = {one["id"]: one for one in lines}
    assert (held[first]["decision"], held[first]["proposed"]) == ("admitted", "adjourned")
    assert [text for _code, text, _source in held[first]["reasons"]] == ["RSV206 : 9,99, au-dessous de 10."]
    assert [text for _code, text, _source in held[second]["reasons"]] == ["RSV206 : 3, au-dessous de 10."]
    kept = decisions.recorded(first)
    assert (kept.proposed, kept.at, kept.by) == ("adjourned", taken, AUTHOR.name)
    assert not any(one.dossier.drifted for one in candidates.lines(cohort.id, key, TODAY))
    told = JournalEntry.select().where(JournalEntry.field == "confirmed")
    assert [(row.object_id, row.after) for row in told] == [(first, "admitted")], "what was flagged is told"


def test_who_left_while_the_jury_sat_is_left_out_of_the_minutes(cohort: Cohort) -> None:
    key = opened(cohort)
    people.remove(PAGE, cohort.participants[0])
    everybody_there(key)
    for who in cohort.participants[1:]:
        candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    held = minutes.contents(deliberations.close(AUTHOR, key, PROVIDER, printed))
    assert [one["id"] for one in held["candidates"]] == cohort.participants[1:]


def test_who_stepped_out_is_in_the_minutes(cohort: Cohort) -> None:
    follow(cohort, 0, tutor=TUTORS[0], cotutor=TUTORS[1])
    key = opened(cohort, *TUTORS)
    everybody_there(key)
    for name in TUTORS:
        candidates.step_out(AUTHOR, key, cohort.participants[0], name)
    for who in cohort.participants:
        candidates.decide(AUTHOR, key, who, {"decision": "resit"})
    first, second, *_others = minutes.contents(deliberations.close(AUTHOR, key, PROVIDER, printed))["candidates"]
    assert (first["tutors"], first["stepped_out"]) == (list(TUTORS), list(TUTORS))
    assert (second["tutors"], second["stepped_out"]) == ([], [])


def test_a_second_session_is_about_those_whom_no_minutes_hold(cohort: Cohort) -> None:
    closed(cohort)
    late = people.create(PAGE, cohort.id, {"last_name": "Girard", "first_name": "Lou"})
    second = opened(cohort)
    assert [one.id for one in candidates.lines(cohort.id, second, TODAY)] == [late]
