"""Mistakes in what seals minutes and the journal, and in what finds out that they were changed."""

from tests.planting import Bug

MINUTES_BUGS = (
    Bug(
        "seal-forgets-the-one-before",
        "Each row is sealed alone: one taken out is missed by nobody.",
        "rules.chain",
        "return digest(canonical([previous, *values]))",
        "return digest(canonical([*values]))",
        "tests/test_rules_chain.py::test_the_rows_that_changed_are_named_and_no_other",
    ),
    Bug(
        "values-run-together",
        "Two lists of values that read the same when joined have one seal.",
        "rules.chain",
        "return digest(canonical([previous, *values]))",
        'return digest(previous + "".join(map(str, values)))',
        "tests/test_rules_chain.py::test_values_that_differ_never_share_a_seal",
    ),
    Bug(
        "tail-cut-unseen",
        "A journal cut at its end looks whole.",
        "store.verification",
        "if not walk.ends(head) and not _elsewhere(walks, head):",
        "if not walk.ends(head) and not walks:",
        "tests/test_store_verification.py::test_a_journal_cut_at_its_end_is_missed[sqlite]",
    ),
    Bug(
        "journal-rewritten-unseen",
        "Whoever makes every seal of the journal again is contradicted by nothing.",
        "store.verification",
        "if anchor not in self._met and anchor.seal not in seals",
        "if anchor in self._met and anchor.seal in seals",
        "tests/test_store_verification.py::"
        "test_a_journal_written_anew_whole_is_contradicted_by_the_minutes_that_saw_it[sqlite]",
    ),
    Bug(
        "file-not-read",
        "The PDF of minutes is replaced, and the data alone are looked at.",
        "store.verified_minutes",
        'if not isinstance(row.pdf, bytes) or _digest(row.pdf) != row.sealed["pdf_digest"]:',
        "if not isinstance(row.pdf, bytes):",
        "tests/test_store_verification.py::test_each_column_of_minutes_is_told[sqlite-pdf-%PDF-pdf]",
    ),
    Bug(
        "minutes-that-nobody-sealed",
        "Minutes added by hand behind the last, with the right seal, pass for true ones.",
        "store.verified_minutes",
        "self._rows.keys() - self._told.keys() - self._faults.keys() if journal_whole else ()",
        "()",
        "tests/test_store_verification.py::test_minutes_put_behind_the_last_by_hand_are_in_no_journal[sqlite]",
    ),
    Bug(
        "guard-looked-for-by-name",
        "A guard that refuses nothing any more is taken for one, since it has the name.",
        "store.guards",
        "return {name for name, sql in found if _plain(sql) in _wanted()}",
        "return {name for name, sql in found if sql}",
        "tests/test_store_verification.py::test_guards_that_are_missing_are_told[sqlite]",
    ),
    Bug(
        "sealed-and-not-signed",
        "Minutes are sealed, and the decisions that they hold still change.",
        "store.minutes",
        'execute("UPDATE decision SET signed_at = ? WHERE enrolment_id = ?", moment, candidate["id"])',
        'execute("UPDATE decision SET signed_at = ? WHERE enrolment_id = ?", moment, number)',
        "tests/test_store_minutes.py::test_sealing_signs_the_decisions_and_nothing_of_them_changes_any_more[sqlite]",
    ),
    Bug(
        "unpublished-results-told",
        "Results that are not published are given to whoever asks for those that are.",
        "store.minutes",
        "if published and moment is None:",
        "if published is None:",
        "tests/test_store_minutes.py::"
        "test_results_are_those_of_the_last_minutes_that_hold_each_and_published_ones_wait[sqlite]",
    ),
    Bug(
        "any-digest-is-authentic",
        "A paper is authentic as soon as its number exists.",
        "store.checking",
        "if not found or not any(same):",
        "if not found:",
        "tests/test_pages_minutes.py::test_what_is_not_authentic_gets_one_answer_whatever_is_wrong[sqlite]",
    ),
    Bug(
        "unpublished-correction-told",
        "Whoever holds a paper learns of a correction that nobody published yet.",
        "store.checking",
        "minutes.later(cohort_id, number)",
        "minutes.later(cohort_id, number, published=False)",
        "tests/test_pages_minutes.py::test_a_correction_is_named_once_published_and_nothing_tells_of_it_before[sqlite]",
    ),
    Bug(
        "papers-tried-without-end",
        "An address may try one digest after the other for as long as it likes.",
        "store.checking",
        "if len(recent) == LIMIT:",
        "if len(recent) > LIMIT:",
        "tests/test_pages_minutes.py::test_an_address_that_is_wrong_too_often_waits_and_no_other[sqlite]",
    ),
    Bug(
        "unpublished-correction-printed",
        "The papers of published results tell of a correction that nobody published yet.",
        "blueprints.minutes",
        "published=one.published_at is not None)",
        "published=False)",
        "tests/test_pages_minutes.py::"
        "test_papers_of_what_was_corrected_since_say_so_and_tell_nothing_that_is_not_published[sqlite]",
    ),
    Bug(
        "smallest-number-unread",
        "An entry under the smallest number that there is is never held against its seal.",
        "store.verification",
        'last: float = float("-inf")',
        "last: float = -(2**63)",
        "tests/test_store_verification.py::"
        "test_rows_added_before_all_others_under_the_smallest_number_are_told[sqlite]",
    ),
    Bug(
        "guard-that-silences-itself",
        "A guard of PostgreSQL that catches its own refusal is taken for one.",
        "store.guards",
        "_plain(body) == _REFUSAL",
        '_plain(body).startswith("BEGIN RAISE EXCEPTION")',
        "tests/test_store_verification.py::"
        "test_a_guard_of_postgresql_that_lets_some_changes_through_is_told[postgresql]",
    ),
)
