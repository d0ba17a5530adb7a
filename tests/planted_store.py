"""Mistakes in what the workers share: leases, intents, the agreement, the quota, the journal."""

from tests.planting import Bug

STORE_BUGS = (
    # -- leases -------------------------------------------------------------------------------------------
    Bug(
        "stale-epoch-accepted",
        "A worker that was away too long still writes to a book that another has taken over.",
        "store.leases",
        "WHERE id = ? AND epoch = ? AND lease_owner <> ''\"",
        "WHERE id = ? AND ? > 0 AND lease_owner <> ''\"",
        "tests/test_sync_faults.py::test_a_lease_lost_in_a_slow_call_writes_nothing_more[sqlite-after_read]",
    ),
    Bug(
        "lease-for-ever",
        "A worker that died keeps its book: the lease has no end.",
        "store.leases",
        "(lease_until < ? OR lease_owner = '')",
        "(? < 0 OR lease_owner = '')",
        "tests/test_sync_faults.py::test_a_crash_leaves_the_book_to_others_once_its_lease_is_over[sqlite]",
    ),
    Bug(
        "lease-taken-from-the-living",
        "Two workers hold one book at once.",
        "store.leases",
        "(lease_until < ? OR lease_owner = '')",
        "(? > 0 OR lease_owner = '')",
        "tests/test_sync_worker.py::test_two_workers_share_the_books_and_none_is_in_two_hands[sqlite]",
    ),
    # -- the quota ----------------------------------------------------------------------------------------
    Bug(
        "bucket-overflows",
        "Calls that were not made are saved without end, then all made in one minute.",
        "store.quota",
        "return min(limit.burst, tokens + max(0.0, moment - at) * limit.rate)",
        "return tokens + max(0.0, moment - at) * limit.rate",
        "tests/test_sync_worker.py::test_a_full_bucket_and_a_minute_make_what_google_allows",
    ),
    Bug(
        "only-one-bucket-counts",
        "A call goes though the project's quota is used up, since its account's is not.",
        "store.quota",
        "if any(tokens < 1 for tokens in left.values()):",
        "if all(tokens < 1 for tokens in left.values()):",
        "tests/test_sync_worker.py::test_a_call_is_taken_from_all_its_buckets_or_from_none[sqlite]",
    ),
    # -- the journal and the agreement ----------------------------------------------------------------------
    Bug(
        "row-of-the-agreement-replaced",
        "Agreeing on one cell of a row forgets what was agreed of the others.",
        "store.agreement",
        "json.dumps({**known.get(row, {}), **cells}, ensure_ascii=False)",
        "json.dumps({**cells}, ensure_ascii=False)",
        "tests/test_sync_cycle.py::test_what_was_agreed_of_a_row_outlives_a_change_of_one_of_its_cells[sqlite]",
    ),
    Bug(
        "form-carried-out-twice",
        "A form sent twice changes things twice.",
        "store.journal",
        "return added == 1",
        "return added >= 0",
        "tests/test_pages_people.py::test_enrolling_twice_with_one_form_enrols_once",
    ),
    Bug(
        "change-that-nobody-is-told-of",
        "A change does not grow the version of its cohort: neither pages nor the sync look at it again.",
        "store.journal",
        "SET version = version + 1, journal_seal",
        "SET journal_seal",
        "tests/test_sync_books.py::test_a_change_of_either_cohort_makes_their_book_pending[sqlite]",
    ),
    Bug(
        "click-in-flight-forgotten",
        "What is clicked while a write is on its way counts as sent.",
        "sync.cycle",
        "agreement.succeeded(book_id, planned.versions, changed)",
        "agreement.succeeded(book_id, people.versions(planned.versions), changed)",
        "tests/test_sync_cycle.py::test_a_click_while_a_call_is_on_its_way_is_sent_too[sqlite-after_write]",
    ),
    # -- after the jury -----------------------------------------------------------------------------------
    Bug(
        "results-before-they-are-published",
        "Results reach the staff's spreadsheet, whose versions Google keeps, before anybody published them.",
        "store.results",
        "for line in published(cohort_id)}",
        "for line in listed(cohort_id, published=False)}",
        "tests/test_store_results.py::test_the_result_goes_to_the_staff_s_tab_once_published_and_not_before[sqlite]",
    ),
    Bug(
        "result-under-staff-s-own-header",
        "A column that staff called « Résultat » long ago is written over by the intranet's.",
        "sync.tab_work",
        "            del tab.columns[name]\n",
        "            pass\n",
        "tests/test_store_results.py::test_a_column_that_staff_called_so_is_left_alone[sqlite]",
    ),
    Bug(
        "correction-published-behind",
        "What a jury is correcting is published all the same, with its error.",
        "store.results",
        "    if why is not None:\n",
        "    if why is not None and found.published_at:\n",
        "tests/test_store_results.py::test_what_is_being_corrected_waits_for_its_correction[sqlite-closed]",
    ),
    Bug(
        "released-for-a-payment-to-come",
        "A certificate is released on the promise of a payment.",
        "rules.release",
        "if day is None or day > today)",
        "if day is None)",
        "tests/test_rules_release.py::test_a_day_to_come_holds_until_it_is_there",
    ),
    Bug(
        "pass-mark-passed-over",
        "A grade that is the pass mark to the hundredth gives no credit.",
        "rules.jury",
        "Decimal(cell) >= pass_mark",
        "Decimal(cell) > pass_mark",
        "tests/test_rules_jury_causes.py::test_a_hundredth_around_the_pass_mark_of_the_rule_set",
    ),
)
