"""Publication as an act of its own, and what it lets others read: the staff's spreadsheet first."""

import json
from dataclasses import replace
from datetime import date

import pytest

from rules.rule_set import as_dict
from store import dossiers, people, rectifications, release, release_waiting, results
from store.errors import Changed, Refused, Unknown
from store.models import Cohort as CohortRow
from store.models import Decision, Deliberation, Enrolment, JournalEntry, Minutes
from sync import worksheets
from tests.deliberated import graded, held, sealed
from tests.pages import AUTHOR
from tests.sync_bench import PAGE, Bench, Cohort, make_cohort

TODAY = date(2026, 2, 1)


def of(number: str) -> int:
    """Return the deliberation that some minutes are of."""
    return Minutes.get_by_id(number).deliberation_id


def settle(cohort: Cohort, **settings: object) -> None:
    """Change settings of the rule set of a cohort."""
    rules = replace(people.rule_set(cohort.id), **settings)
    CohortRow.update(rule_set=json.dumps(as_dict(rules)), version=CohortRow.version + 1).where(
        CohortRow.id == cohort.id
    ).execute()


def publish(cohort: Cohort, number: str) -> None:
    results.publish(AUTHOR, cohort.id, of(number))


def said(cohort: Cohort) -> dict[str, str]:
    return {one.enrolment: one.decision for one in results.published(cohort.id)}


# -- the act --------------------------------------------------------------------------------------


def test_nothing_is_read_before_somebody_publishes(cohort: Cohort) -> None:
    number = sealed(graded(cohort))
    assert results.published(cohort.id) == ()
    assert len(results.listed(cohort.id, published=False)) == 6
    assert release.holders(cohort.id, TODAY) == []
    publish(cohort, number)
    assert said(cohort) == dict.fromkeys(cohort.participants, "admitted")
    session = results.sessions(cohort.id)[0]
    assert (session.number, session.published_by, session.candidates) == (number, AUTHOR.name, 6)
    assert session.published_at is not None
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    assert (entry.kind, entry.field, entry.before, entry.after, entry.author) == (
        "deliberation", results.PUBLISHED, "", number, AUTHOR.name,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["prepared", "open", "abandoned", "closed"])
def test_only_what_is_closed_and_sealed_is_published(cohort: Cohort, state: str) -> None:
    deliberation = held(cohort)
    Deliberation.update(state=state).where(Deliberation.id == deliberation).execute()
    with pytest.raises(Refused, match="n'est pas close"):
        results.publish(AUTHOR, cohort.id, deliberation)
    assert Deliberation.get_by_id(deliberation).published_at is None


def test_it_is_published_once(cohort: Cohort) -> None:
    number = sealed(cohort)
    publish(cohort, number)
    before = Deliberation.get().published_at
    with pytest.raises(Refused, match=number):
        publish(cohort, number)
    assert Deliberation.get().published_at == before


def test_another_cohort_s_or_nobody_s_is_unknown(cohort: Cohort) -> None:
    deliberation = of(sealed(cohort))
    other = make_cohort("AUTRE-2025")
    for cohort_id, asked in ((other.id, deliberation), (cohort.id, 999_999)):
        with pytest.raises(Unknown):
            results.publish(AUTHOR, cohort_id, asked)


def test_a_correction_is_published_by_its_own_act(cohort: Cohort) -> None:
    number = sealed(cohort)
    publish(cohort, number)
    first, second, *_rest = cohort.participants
    correction = sealed(cohort, first, decision="adjourned", supersedes=of(number), reason="Erreur de report")
    assert said(cohort)[first] == "admitted", "what was published stays meanwhile"
    assert [one.enrolment for one in release.holders(cohort.id, TODAY)].count(first) == 1
    publish(cohort, correction)
    assert (said(cohort)[first], said(cohort)[second]) == ("adjourned", "admitted")
    assert first not in [one.enrolment for one in release.holders(cohort.id, TODAY)]


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_is_being_corrected_waits_for_its_correction(cohort: Cohort, state: str) -> None:
    number, first = sealed(cohort), cohort.participants[0]
    if state == "closed":
        correction = sealed(cohort, first, decision="adjourned", supersedes=of(number), reason="Erreur")
    else:
        Deliberation.create(cohort=cohort.id, state="open", supersedes=of(number), reason="Erreur")
    with pytest.raises(Refused, match="d'abord"):
        publish(cohort, number)
    if state == "closed":
        publish(cohort, correction)
        assert said(cohort) == {first: "adjourned"}
        publish(cohort, number)
        assert said(cohort) == dict.fromkeys(cohort.participants, "admitted") | {first: "adjourned"}


def test_what_was_corrected_as_a_whole_has_nothing_to_publish(cohort: Cohort) -> None:
    former, (first, *rest) = sealed(cohort), cohort.participants
    one = sealed(cohort, first, decision="adjourned", supersedes=of(former), reason="Erreur")
    publish(cohort, one)
    assert results.emptied(cohort.id) == {}
    other = sealed(cohort, *rest, decision="resit", supersedes=of(former), reason="Erreur")
    assert results.emptied(cohort.id) == {of(former): [one, other]}
    assert [line[2] for line in waiting(cohort)] == [other]
    for _time in range(2):
        with pytest.raises(Refused, match=f"{former} a été corrigée : .*En tiennent lieu : {one}, {other}"):
            publish(cohort, former)
        if other not in {line.number for line in results.published(cohort.id)}:
            publish(cohort, other)
    assert waiting(cohort) == []
    assert Deliberation.get_by_id(of(former)).published_at is None


def test_what_waits_to_be_published_is_listed(cohort: Cohort) -> None:
    number = sealed(cohort)
    assert waiting(cohort) == [(cohort.code, of(number), number)]
    publish(cohort, number)
    assert waiting(cohort) == []


def waiting(cohort: Cohort) -> list[tuple]:
    return results.to_publish({cohort.id: people.version(cohort.id)}, TODAY)


# -- the staff's spreadsheet -----------------------------------------------------------------------


def test_the_result_goes_to_the_staff_s_tab_once_published_and_not_before(bench: Bench) -> None:
    cohort, first = bench.cohort, bench.cohort.participants[0]
    number = sealed(graded(cohort))
    sent = len(bench.sheets.batches)
    people.change(PAGE, first, {"employer": "Scop Épi"})
    bench.calm()
    assert bench.cell("Participants", first, "Structure") == "Scop Épi"
    assert bench.cell("Participants", first, "Résultat") is None
    bodies = json.dumps(bench.sheets.batches[sent:], ensure_ascii=False)
    assert len(bench.sheets.batches) > sent
    for secret in ("admis", "admitted", number, "12,5", "12.5"):
        assert secret not in bodies, secret
    publish(cohort, number)
    bench.calm()
    assert bench.cell("Participants", first, "Résultat") == "admis·e"
    bench.type("Participants", first, "Résultat", "ajourné")
    bench.calm()
    assert bench.cell("Participants", first, "Résultat") == "admis·e", "it belongs to the intranet, and is put back"
    told = JournalEntry.select().where(JournalEntry.field == "result").get()
    assert (told.before, told.after) == ("ajourné", "admis·e")


def test_without_names_nothing_is_written_beside_a_name(bench: Bench) -> None:
    settle(bench.cohort, display_names=False)
    publish(bench.cohort, sealed(bench.cohort))
    bench.calm()
    assert bench.cell("Participants", bench.cohort.participants[0], "Résultat") is None


def test_a_row_typed_with_a_result_is_born_without_it(bench: Bench) -> None:
    bench.append("Participants", {"Nom": "Garnier", "Prénom": "Léo", "Résultat": "admis"})
    bench.calm()
    key = bench.ids("Participants")[-1]
    assert people.snapshot(bench.cohort.id)[key]["last_name"] == "Garnier"
    assert bench.cell("Participants", key, "Résultat") is None


def test_a_column_that_staff_called_so_is_left_alone(
    _before: None, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.cohort.participants[0]
    sheet_id, row, column = bench.place("Participants", "ID", "Remarques")
    bench.put(sheet_id, row, column, [["Résultat"], ["vu avec la région"]])
    monkeypatch.undo()
    publish(bench.cohort, sealed(bench.cohort))
    bench.calm()
    assert bench.cell("Participants", first, "Résultat") == "vu avec la région"


def test_an_older_tab_gets_the_column_once_its_header_is_there(
    _before: None, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.cohort.participants[0]
    monkeypatch.undo()
    publish(bench.cohort, sealed(bench.cohort))
    bench.calm()
    assert "Résultat" not in bench.headers("Participants")
    sheet_id, row, column = bench.place("Participants", "ID", "Remarques")
    bench.put(sheet_id, row, column, [["Résultat"]])
    bench.calm()
    assert bench.cell("Participants", first, "Résultat") == "admis·e"


@pytest.fixture
def _before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dress the tab Participants as it was before the results."""
    def fewer(cohort_id: int) -> list[worksheets.Column]:
        return [column for column in worksheets.participant_columns(cohort_id) if column.field != "result"]

    monkeypatch.setitem(
        worksheets.WORKSHEETS, "participants", replace(worksheets.WORKSHEETS["participants"], columns=fewer)
    )


# -- the release ----------------------------------------------------------------------------------


def decisions() -> list[tuple]:
    return list(Decision.select().order_by(Decision.enrolment).tuples())


def held_by(cohort: Cohort, who: str, today: date = TODAY) -> list[str]:
    return [hold.code for one in release.holders(cohort.id, today) if one.enrolment == who for hold in one.holds]


def test_fees_and_conditions_hold_the_release_and_never_the_decision(cohort: Cohort) -> None:
    settle(cohort, fees_required=True, release_conditions=("charte signée",))
    publish(cohort, sealed(cohort))
    first, second, *_rest = cohort.participants
    before = decisions()
    assert held_by(cohort, first) == ["fees", "charte signée"]
    release.change(AUTHOR, first, {"fees_paid_on": "30/1/2026"})
    assert held_by(cohort, first) == ["charte signée"]
    release.change(AUTHOR, first, {"condition-charte signée": "2026-01-31"})
    assert held_by(cohort, first) == []
    people.change(AUTHOR, second, {"fees_paid_on": "2026-02-01"})
    assert held_by(cohort, second) == ["charte signée"], "paid in the line of the participant, or in the sheet"
    release.change(AUTHOR, first, {"condition-charte signée": ""})
    assert held_by(cohort, first) == ["charte signée"]
    after = decisions()
    assert after == before
    written = [
        (row.kind, row.field, row.before, row.after)
        for row in JournalEntry.select().where(JournalEntry.object_id == first).order_by(JournalEntry.id)
    ][-3:]
    assert written == [
        ("enrolment", "fees_paid_on", "", "2026-01-30"),
        ("release", "condition-charte signée", "", "2026-01-31"),
        ("release", "condition-charte signée", "2026-01-31", ""),
    ]


def test_a_payment_typed_in_the_sheet_ends_the_hold(bench: Bench) -> None:
    settle(bench.cohort, fees_required=True)
    publish(bench.cohort, sealed(bench.cohort))
    first = bench.cohort.participants[0]
    assert held_by(bench.cohort, first) == ["fees"]
    bench.type("Participants", first, "Frais réglés le", "01/02/2026")
    bench.calm()
    assert held_by(bench.cohort, first) == []


def test_a_payment_announced_for_a_day_to_come_holds_until_then(bench: Bench) -> None:
    settle(bench.cohort, fees_required=True, release_conditions=("charte signée",))
    publish(bench.cohort, sealed(bench.cohort))
    first = bench.cohort.participants[0]
    bench.type("Participants", first, "Frais réglés le", "02/02/2026")
    bench.calm()
    release.change(AUTHOR, first, {"condition-charte signée": "2026-02-03"})
    assert held_by(bench.cohort, first) == ["fees", "charte signée"]
    assert held_by(bench.cohort, first, date(2026, 2, 2)) == ["charte signée"]
    assert held_by(bench.cohort, first, date(2026, 2, 3)) == []
    line = next(one for one in dossiers.lines(bench.cohort.id, TODAY) if one.id == first)
    assert line.fees_paid_on is None
    assert len(line.proposal.holds) == 1


def test_what_is_refused_changes_nothing(cohort: Cohort) -> None:
    settle(cohort, fees_required=True, release_conditions=("charte signée",))
    first, second, *_rest = cohort.participants
    publish(cohort, sealed(cohort, first))
    for who, raw in (
        (second, {"fees_paid_on": "2026-02-03"}),
        (first, {"fees_paid_on": "31/02/2026"}),
        (first, {"condition-autre": "2026-02-03"}),
        (first, {"fees_paid_on": "2026-02-03", "condition-charte signée": "hier"}),
    ):
        with pytest.raises(Refused):
            release.change(AUTHOR, who, raw)
    with pytest.raises(Unknown):
        release.change(AUTHOR, "P-INCONNU", {"fees_paid_on": "2026-02-03"})
    assert Enrolment.get_by_id(first).fees_paid_on is None
    release.change(AUTHOR, first, {"condition-charte signée": "2026-02-03"}, {"condition-charte signée": ""})
    with pytest.raises(Changed):
        release.change(AUTHOR, first, {"condition-charte signée": "2026-02-05"}, {"condition-charte signée": ""})


def test_only_those_admitted_are_holders(cohort: Cohort) -> None:
    first, second, *rest = cohort.participants
    publish(cohort, sealed(cohort, first))
    publish(cohort, sealed(cohort, second, decision="adjourned"))
    assert [one.enrolment for one in release.holders(cohort.id, TODAY)] == [first]


# -- transmission, surveys --------------------------------------------------------------------------


def test_a_transmission_is_recorded_for_each_holder_and_taken_back(cohort: Cohort) -> None:
    publish(cohort, sealed(cohort))
    first, second, *_rest = cohort.participants
    assert release.transmit(AUTHOR, cohort.id, [first, second, first], "1/2/2026", TODAY) == 2
    sent = {one.enrolment: one.transmitted_on for one in release.holders(cohort.id, TODAY)}
    assert [sent[who] for who in cohort.participants[:3]] == [TODAY, TODAY, None]
    assert all(one.due == date(2026, 4, 15) for one in release.holders(cohort.id, TODAY))
    release.transmit(AUTHOR, cohort.id, [first], "", TODAY)
    assert next(one for one in release.holders(cohort.id, TODAY) if one.enrolment == first).transmitted_on is None
    written = JournalEntry.select().where(JournalEntry.field == release.TRANSMISSION).order_by(JournalEntry.id)
    assert [(row.object_id, row.before, row.after) for row in written] == [
        (min(first, second), "", "2026-02-01"), (max(first, second), "", "2026-02-01"), (first, "2026-02-01", ""),
    ]  # fmt: skip


def test_who_was_rectified_and_is_admitted_anew_is_to_be_transmitted_anew(cohort: Cohort) -> None:
    first = cohort.participants[0]
    former = sealed(cohort, first)
    publish(cohort, former)
    release.transmit(AUTHOR, cohort.id, [first], "2026-01-20", TODAY)
    again = sealed(cohort, first, decision="adjourned", supersedes=of(former), reason="Erreur")
    publish(cohort, again)
    rectifications.rectify(AUTHOR, cohort.id, first, "21/1/2026", TODAY, {release.RECTIFICATION: ""})
    [one] = rectifications.to_rectify(cohort.id)
    assert (one.rectified_on, one.by, one.number) == (date(2026, 1, 21), AUTHOR.name, again)
    rectifications.rectify(AUTHOR, cohort.id, first, "", TODAY)
    assert rectifications.to_rectify(cohort.id)[0].rectified_on is None
    rectifications.rectify(AUTHOR, cohort.id, first, "2026-01-22", TODAY)
    with pytest.raises(Changed):
        rectifications.rectify(AUTHOR, cohort.id, first, "2026-01-23", TODAY, {release.RECTIFICATION: ""})
    publish(cohort, sealed(cohort, first, supersedes=of(again), reason="Erreur de l'erreur"))
    assert rectifications.to_rectify(cohort.id) == []
    [holder] = release.holders(cohort.id, TODAY)
    assert holder.transmitted_on is None
    release.transmit(AUTHOR, cohort.id, [first], "2026-01-20", TODAY, {first: ""})
    assert release.holders(cohort.id, TODAY)[0].transmitted_on == date(2026, 1, 20)
    kept = JournalEntry.select(JournalEntry.field, JournalEntry.before, JournalEntry.after).where(
        JournalEntry.kind == release.KIND
    ).order_by(JournalEntry.id).tuples()  # fmt: skip
    assert list(kept)[-3:] == [
        ("rectified_on", "", "2026-01-22"), ("transmitted_on", "", "2026-01-20"), ("rectified_on", "2026-01-22", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Rien de cette personne"):
        rectifications.rectify(AUTHOR, cohort.id, first, "2026-01-22", TODAY)


def test_a_transmission_is_all_or_nothing(cohort: Cohort) -> None:
    first, second, *_rest = cohort.participants
    publish(cohort, sealed(cohort, first))
    other = make_cohort("AUTRE-2025")
    publish(other, sealed(other, other.participants[0]))
    for who, day in (([], "2026-02-01"), ([first], "2026-02-02"), ([first], "demain"), ([first], "2026-01-14"),
                     ([first, second], "2026-02-01")):  # fmt: skip
        with pytest.raises(Refused):
            release.transmit(AUTHOR, cohort.id, who, day, TODAY)
    with pytest.raises(Unknown):
        release.transmit(AUTHOR, cohort.id, [first, other.participants[0]], "2026-02-01", TODAY)
    assert [one.transmitted_on for one in release.holders(cohort.id, TODAY)] == [None]


@pytest.mark.parametrize(("today", "told"), [
    (date(2026, 3, 15), []), (date(2026, 3, 16), ["soon"]), (date(2026, 4, 15), ["soon"]),
    (date(2026, 4, 16), ["late"]),
])  # fmt: skip
def test_what_is_due_is_told(cohort: Cohort, today: date, told: list[str]) -> None:
    number = sealed(cohort, *cohort.participants[:2])
    assert release_waiting.to_transmit({cohort.id: people.version(cohort.id)}, today) == []
    publish(cohort, number)
    found = release_waiting.to_transmit({cohort.id: people.version(cohort.id)}, today)
    assert [one.standing for one in found] == told
    assert all((one.cohort, one.due, one.people) == (cohort.code, date(2026, 4, 15), 2) for one in found)
    if told:
        release.transmit(AUTHOR, cohort.id, cohort.participants[:2], today.isoformat(), today)
        assert release_waiting.to_transmit({cohort.id: people.version(cohort.id)}, today) == []


def test_surveys_are_listed_by_date(cohort: Cohort) -> None:
    settle(cohort, survey_months=(18, 6))
    first, second, *_rest = cohort.participants
    publish(cohort, sealed(cohort, second))
    publish(cohort, sealed(cohort, first, year=2027))
    found = [(day, months, one.enrolment) for day, months, one in release.surveys(cohort.id, TODAY)]
    assert found == [
        (date(2026, 7, 15), 6, second), (date(2027, 7, 15), 6, first), (date(2027, 7, 15), 18, second),
        (date(2028, 7, 15), 18, first),
    ]  # fmt: skip
