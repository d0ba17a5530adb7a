"""Mistakes that somebody could have made in the sessions of a jury, each with the test that should catch it."""

from tests.planting import Bug

DELIBERATION_BUGS = (
    Bug(
        "decision-changed-without-a-reason",
        "A decision that was recorded changes while the jury sits, and nobody says why.",
        "store.decisions",
        "if asks_reason(before, after) and not reason:",
        "if asks_reason(before, after) and reason is None:",
        "tests/test_store_deliberations.py::"
        "test_the_sheet_takes_a_first_decision_and_never_changes_one_while_the_jury_sits[sqlite]",
    ),
    Bug(
        "tutor-who-stays-decides",
        "A member who followed the paper must step out, and the decision is taken while they are there.",
        "store.decisions",
        "    if waited:\n",
        "    if waited and not followed:\n",
        "tests/test_store_deliberations.py::"
        "test_where_it_is_the_rule_they_step_out_before_anything_is_decided[sqlite-sheet]",
    ),
    Bug(
        "honours-without-admission",
        "A mention stays beside a decision that is no admission any more.",
        "store.decisions",
        'gone = {"honours": decision != honours.WITH,',
        'gone = {"honours": not decision,',
        "tests/test_store_deliberations.py::test_a_mention_goes_with_an_admission_and_leaves_with_it[sqlite]",
    ),
    Bug(
        "undecided-closes",
        "A session closes although nothing is decided of somebody.",
        "rules.deliberations",
        "if not candidate.decision:",
        "if candidate.decision is None:",
        "tests/test_store_deliberations.py::test_what_is_missing_prevents_closing[sqlite]",
    ),
    Bug(
        "reasons-of-before-sealed",
        "Minutes hold what was proposed before the grades that stand beside it.",
        "store.decisions",
        "if told != list(advice.values()):",
        "if not told:",
        "tests/test_store_deliberations.py::"
        "test_minutes_hold_one_moment_what_is_proposed_and_why_is_that_of_the_closing[sqlite]",
    ),
    Bug(
        "two-sessions-open",
        "Two sessions of one cohort are open at the same time.",
        "store.deliberations",
        'any(one.state == "open" and one.id != deliberation_id',
        'any(one.state == "open" and one.id == deliberation_id',
        "tests/test_store_deliberations.py::test_one_session_at_most_is_open_in_a_cohort[sqlite]",
    ),
    Bug(
        "correction-given-up-halfway",
        "A correction given up leaves the grades that were changed meanwhile as they are.",
        "store.corrections",
        "        _put_back_grades(author, session.cohort_id, key, sealed[key].line, rules)\n",
        "",
        "tests/test_store_corrections.py::test_a_correction_given_up_puts_back_every_sealed_value[sqlite]",
    ),
    Bug(
        "person-of-minutes-leaves-during-correction",
        "Somebody whom sealed minutes hold leaves the lists while these are corrected: their dossier stays unsealed.",
        "store.signed",
        "d.state = 'open' AND d.supersedes_id IS NOT NULL",
        "d.state = 'open' AND d.supersedes_id IS NULL",
        "tests/test_store_corrections.py::test_whom_sealed_minutes_hold_stays_while_they_are_corrected[sqlite]",
    ),
    Bug(
        "screens-wait-for-one-another",
        "An act locks its dossier before its deliberation, and another screen the other way round.",
        "store.candidates",
        "    list(reserved(Deliberation.select(Deliberation.id).where(Deliberation.id == deliberation_id)))\n",
        "",
        "tests/test_store_deliberations_at_once.py::"
        "test_an_act_holds_its_deliberation_before_its_dossier[postgresql]",
    ),
)
