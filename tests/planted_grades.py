"""Mistakes in grades: in what units are worth, in what a table locks, and in what numbers cover."""

from tests.planting import Bug

GRADE_BUGS = (
    Bug(
        "mean-cut-short",
        "The mean of a unit is cut at two decimals instead of rounded half up.",
        "rules.grades",
        "return value.quantize(_CENT, ROUND_HALF_UP)",
        'return value.quantize(_CENT, "ROUND_DOWN")',
        "tests/test_rules_grades.py::test_a_unit_is_worth_the_weighted_mean_or_what_keeps_it_from_being_known",
    ),
    Bug(
        "resit-beside-a-pass",
        "A resit is graded beside a first grade that reached the pass mark.",
        "rules.grades",
        "is_number(first) and Decimal(first) < pass_mark",
        "is_number(first) and Decimal(first) <= pass_mark",
        "tests/test_rules_grades.py::test_a_resit_stands_only_beside_what_lets_it_be_held",
    ),
    Bug(
        "unit-left-as-it-was",
        "An assessment is entered, and the grade of its unit stays what it was.",
        "store.grades",
        '        if value != after.get(field, ""):\n',
        "        if value and field not in after:\n",
        "tests/test_store_grades.py::test_a_unit_is_worked_out_of_its_assessments_in_the_same_breath[sqlite]",
    ),
    Bug(
        "plagiarism-without-a-name",
        "A unit is graded 0 for plagiarism that nobody reported.",
        "store.grades",
        "(UnitReport.enrolment == enrolment_id) & (UnitReport.work == work) & UnitReport.withdrawn_at.is_null()",
        "UnitReport.work.is_null(False) | UnitReport.id.is_null(False)",
        "tests/test_store_grades.py::test_plagiarism_in_a_unit_waits_for_a_named_report[sqlite]",
    ),
    Bug(
        "grades-beside-names",
        "As long as names are covered, the line of a dossier shows the grades of its units.",
        "store.dossiers",
        'return "|".join(cell for cell in cells.split("|") if cell.startswith(f"{PAPER}="))',
        "return cells",
        "tests/test_store_grades.py::test_units_are_graded_under_a_number_and_nothing_of_them_stands_beside_a_name[sqlite]",
    ),
    Bug(
        "history-beside-names",
        "As long as names are covered, the history of a dossier tells the grades of its units.",
        "blueprints.history",
        "self.covered and journal_lines.of_unit(self.kind, field)",
        "False",
        "tests/test_pages_grades.py::test_the_history_of_a_covered_grade_gives_nothing_back[sqlite]",
    ),
    Bug(
        "one-marking-is-enough",
        "A grade agreed on with the marking of one person alone is not pointed out where two are asked for.",
        "rules.grade_anomalies",
        "rules.double_marking and len(given) < 2",
        "rules.double_marking and not given",
        "tests/test_rules_grades.py"
        "::test_a_grade_agreed_on_without_both_markings_is_pointed_out_where_two_are_asked_for",
    ),
    Bug(
        "numbers-after-names",
        "Units graded beside names are put under numbers, with their grades left beside names in the jury's book.",
        "store.rule_sets",
        "if before.anonymous or not candidate_numbers.covered(cohort_id, after):",
        "if before.anonymous or after.anonymous:",
        "tests/test_store_grades.py::test_grades_entered_beside_names_are_not_put_under_numbers[sqlite]",
    ),
)
