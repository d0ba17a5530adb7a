"""Cells: what people and spreadsheets give, read in one canonical form."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.message import Message, Refused
from rules.values import TICKED, TYPES, choice, fold, norm

NBSP, NARROW = "\u00a0", "\u202f"
MILESTONES = choice({"": "aucune", "plan": "plan", "draft": "rédaction", "done": "admis·e"})


def read(name, raw):
    return TYPES[name].parse(raw)


def test_a_message_fills_its_named_places():
    assert str(Message("plus de %(share)s %%", {"share": 20})) == "plus de 20 %"
    assert str(Refused("trop de %(x)s", x="pages")) == "trop de pages"
    assert Refused(Message("non")).message == Message("non")


@given(st.text())
def test_the_normal_form_is_stable(text):
    assert norm(norm(text)) == norm(text)
    assert fold(fold(text)) == fold(text)


@given(
    st.text(alphabet=st.sampled_from(f"ae\u0301\u0308 {NBSP}{NARROW}\u2009\n\r\t\u0000\ud800\u0085\u200b"))
)
def test_the_normal_form_is_stable_on_awkward_characters(text):
    assert norm(norm(text)) == norm(text)
    assert unicodedata.is_normalized("NFC", norm(text))


def test_the_normal_form_keeps_inner_lines_and_spaces():
    assert norm(f"{NBSP} a  b\r\nc{NARROW}: e\u0301 ") == "a  b\nc : é"


NUMBERS = st.one_of(st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False, width=32))
RAWS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.text(max_size=12),
    st.dates().map(str),
    st.from_regex(r"\A[0-9]{1,2}[h:/., ][0-9]{1,2}([/ ][0-9]{2,4})?\Z"),
    st.sampled_from(
        [
            "oui",
            "x",
            "ABS",
            "r 15",
            "D:30",
            "AJ",
            "1er février 2021",
            "a@b.fr",
            "01 45 65 20 00",
            "https://cnam.fr/é?a=1",
            "1 234,50",
            "-0",
            "0,10",
            "  é \n b ",
        ]
    ),
)


@pytest.mark.parametrize("name", sorted(TYPES))
@given(raw=RAWS)
def test_what_is_read_is_shown_and_read_the_same(name, raw):
    kind = TYPES[name]
    try:
        value = kind.parse(raw)
    except Refused:
        return
    assert kind.parse(kind.show(value)) == value
    assert kind.parse(value) == value
    assert norm(value) == value
    assert (kind.show(value) is None) == (value == "")
    assert isinstance(kind.display(value), str)


GIVEN = {
    "decimal": st.decimals("-999999999", "999999999", places=6).map(str),
    "integer": st.integers(-(10**15) + 1, 10**15 - 1).map(str),
    "date": st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(str),
    "time": st.times().map(lambda t: t.strftime("%H:%M")),
    "grade": st.decimals(0, 20, places=2).map(str),
}


@pytest.mark.parametrize("name", sorted(GIVEN))
@given(data=st.data())
def test_every_value_of_a_type_is_taken_and_comes_back(name, data):
    raw = data.draw(GIVEN[name])
    value = read(name, raw)
    assert value
    assert read(name, TYPES[name].show(value)) == value
    if name in ("decimal", "integer", "grade"):
        assert float(value) == float(raw)
        assert read(name, raw.replace(".", ",")) == value
    else:
        assert value == raw
        assert read(name, TYPES[name].display(value)) == value


TAKEN = [
    ("text", 612345678.0, "612345678"),
    ("text", "012345678", "012345678"),
    ("text", 9.75, "9,75"),
    ("text", None, ""),
    ("text", "=1+1", "=1+1"),
    ("name", f" Anne{NBSP}Marie  Noël\n", "Anne Marie Noël"),
    ("email", " A.B@Cnam.FR ", "a.b@cnam.fr"),
    ("phone", "+33 (0)1 45 65 20 00", "0145652000"),
    ("phone", "06.12", "06.12"),
    ("decimal", "9,75", "9.75"),
    ("decimal", f"1{NARROW}234,50", "1234.5"),
    ("decimal", 2.0, "2"),
    ("decimal", "-0,0", "0"),
    ("decimal", 0.1 + 0.2, "0.3"),
    ("integer", 12.0, "12"),
    ("integer", "1 234", "1234"),
    ("integer", "-3", "-3"),
    ("date", 45677, "2025-01-20"),
    ("date", 45677.0, "2025-01-20"),
    ("date", "2025-01-20", "2025-01-20"),
    ("date", "20/01/2025", "2025-01-20"),
    ("date", "20/1/25", "2025-01-20"),
    ("date", "20 janv. 2025", "2025-01-20"),
    ("date", "lundi 20 janvier 2025", "2025-01-20"),
    ("date", "Merc. 18 mars 2026", "2026-03-18"),
    ("date", "1er FÉVRIER 2021", "2021-02-01"),
    ("date", "29/02/2024", "2024-02-29"),
    ("time", 0.395833, "09:30"),
    ("time", 0, "00:00"),
    ("time", "9h30", "09:30"),
    ("time", "9:30", "09:30"),
    ("time", "9 h", "09:00"),
    ("time", "09h", "09:00"),
    ("time", "14 H 30", "14:30"),
    ("time", "14:30:00", "14:30"),
    ("yes_no", True, "oui"),
    ("yes_no", "FAUX", "non"),
    ("yes_no", "x", "oui"),
    ("yes_no", "Oui", "oui"),
    ("yes_no", 0, "non"),
    ("link", "https://lecnam.net/a b"[:20], "https://lecnam.net/a"),
    ("attendance", "r 15 min", "R 15"),
    ("grade", "14,5", "14.5"),
    ("grade", "14.5", "14.5"),
    ("grade", "9,75", "9.75"),
    ("grade", "0,5", "0.5"),
    ("grade", 14.5, "14.5"),
    ("grade", " 14,50 ", "14.5"),
    ("grade", 20, "20"),
    ("grade", "0", "0"),
    ("grade", "abs", "ABS"),
    ("grade", "En attente", "ATT"),
    ("grade", "plagiat", "PLAG"),
    ("grade", "excusé·e", "EXC"),
    ("grade", 14.299999999999999, "14.3"),
]


@pytest.mark.parametrize("name, raw, value", TAKEN)
def test_cells_are_read_as_people_type_them(name, raw, value):
    assert read(name, raw) == value


REFUSED = [
    ("text", "a" * 50_001),
    ("text", float("inf")),
    ("name", "123"),
    ("name", "a" * 101),
    ("email", "anne"),
    ("email", "a@@b.fr"),
    ("email", "a@b"),
    ("email", "a b@c.fr"),
    ("email", "a..b@c.fr"),
    ("email", "a@b.fr, c@d.fr"),
    ("phone", "123"),
    ("phone", "01 45 65 20 00 poste 12"),
    ("phone", "٠١٢٣٤"),
    ("phone", "....."),
    ("phone", "1" * 26),
    ("decimal", "abc"),
    ("decimal", "1e3"),
    ("decimal", "nan"),
    ("decimal", "١٢"),
    ("decimal", True),
    ("decimal", 1e10),
    ("decimal", "1,2,3"),
    ("integer", "12,5"),
    ("integer", 12.5),
    ("integer", False),
    ("integer", "1e3"),
    ("date", "31/02/2025"),
    ("date", "29/02/2025"),
    ("date", "20/13/2025"),
    ("date", "20/01/1989"),
    ("date", "01/01/2101"),
    ("date", "20 janvier"),
    ("date", "mardi 20 janvier 2025"),
    ("date", "20 jui 2025"),
    ("date", 45677.5),
    ("date", -1),
    ("date", True),
    ("date", "45677"),
    ("date", "٢٠/٠١/٢٠٢٥"),
    ("date", 1e9),
    ("time", "24h"),
    ("time", "9h60"),
    ("time", "9h3"),
    ("time", "9:"),
    ("time", "midi"),
    ("time", 9),
    ("time", 0.99999),
    ("time", True),
    ("time", -0.1),
    ("yes_no", "peut-être"),
    ("yes_no", 2),
    ("link", "cnam.fr"),
    ("link", "javascript:alert(1)"),
    ("link", "ftp://cnam.fr"),
    ("link", "https://"),
    ("link", "https://a b.fr"),
    ("link", "https://[::1"),
    ("attendance", "R"),
    ("attendance", True),
    ("attendance", 15.0),
    ("grade", "-1"),
    ("grade", "20,5"),
    ("grade", "14,555"),
    ("grade", "abc"),
    ("grade", "١٢"),
    ("grade", "1e1"),
    ("grade", "nan"),
    ("grade", True),
    ("grade", float("nan")),
    ("grade", 14.555),
    ("grade", "14,"),
    ("grade", "975"),
    ("grade", -0.5),
    ("grade", "1 4"),
]


@pytest.mark.parametrize("typed", [
    612345678.0, 612345678, 33612345678.0, "612345678", "0612345678", "06 12 34 56 78", "06.12.34.56.78",
    "06-12-34-56-78", "06/12/34/56/78", f"06{NBSP}12{NBSP}34{NBSP}56{NBSP}78", "+33612345678", "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78", "(06) 12 34 56 78",
])  # fmt: skip
def test_a_french_phone_is_one_value_however_it_is_spelt(typed):
    assert read("phone", typed) == "0612345678"
    assert TYPES["phone"].show(read("phone", typed)) == "0612345678"


@pytest.mark.parametrize("typed", [
    "+32 471 23 45 67", "00 32 471 23 45 67", "06 12 34 56", "06 12 34 56 789", "012345678", "00000", "1234567890",
    "06 12 34 56 78 / 07 12 34", "+0612345678", "06+12345678", "3949",
])  # fmt: skip
def test_another_phone_is_kept_as_typed(typed):
    assert read("phone", typed) == typed


@pytest.mark.parametrize("typed, mark", [
    ("x", "P"), ("X", "P"), (" x ", "P"), ("✓", "P"), ("✔", "P"), ("oui", "P"), ("Oui", "P"), ("1", "P"), (1.0, "P"),
    ("0", "A"), (0.0, "A"), ("non", "A"), ("NON", "A"), ("P", "P"), ("r 15", "R 15"), ("aj", "AJ"), ("", ""),
    (None, ""),
])  # fmt: skip
def test_a_tab_that_ticks_who_was_there_is_read_so(typed, mark):
    assert TICKED.parse(typed) == mark
    assert TICKED.parse(TICKED.show(mark)) == mark


@pytest.mark.parametrize("typed", [15.0, 2.0, True, False, "xx", "-", "1,5"])
def test_other_signs_are_no_ticks(typed):
    with pytest.raises(Refused):
        TICKED.parse(typed)


@pytest.mark.parametrize("typed", ["x", "✓", "oui", "non", 1.0, 0.0])
def test_ticks_are_refused_where_nothing_says_what_they_mean(typed):
    with pytest.raises(Refused):
        read("attendance", typed)


@pytest.mark.parametrize("raw, told", [
    (46156.0, "a lu une date (14/05/2026)"), (46156, "avec une virgule, 14,5"), ("46156", "n'est pas une note"),
    (1000.0, "hors de l'échelle"), (46156.5, "hors de l'échelle"), (21.0, "hors de l'échelle"),
])  # fmt: skip
def test_a_grade_that_a_french_sheet_made_a_date_of_is_told_as_one(raw, told):
    with pytest.raises(Refused) as refusal:
        read("grade", raw)
    assert told in str(refusal.value)


@pytest.mark.parametrize("name, raw", REFUSED)
def test_cells_that_mean_nothing_are_refused_in_french(name, raw):
    with pytest.raises(Refused) as refusal:
        read(name, raw)
    assert str(refusal.value).endswith((".", "?"))


def test_pages_show_french_texts():
    shown = [
        TYPES[n].display(v)
        for n, v in [
            ("date", "2025-01-20"),
            ("time", "09:30"),
            ("time", "14:00"),
            ("time", "00:05"),
            ("decimal", "14.5"),
            ("grade", "14.5"),
            ("grade", "ABS"),
            ("date", ""),
            ("time", ""),
        ]
    ]
    assert shown == ["20/01/2025", "9h30", "14h", "0h05", "14,5", "14,5", "ABS", "", ""]


def test_sheets_hold_typed_values():
    assert TYPES["date"].show("2025-01-20") == 45677
    assert TYPES["time"].show("12:00") == 0.5
    assert TYPES["grade"].show("14.5") == 14.5
    assert TYPES["grade"].show("ABS") == "ABS"
    assert TYPES["phone"].show("0612345678") == "0612345678"
    assert TYPES["text"].show("") is None


@pytest.mark.parametrize(
    "typed, code",
    [
        ("Rédaction", "draft"),
        ("redaction", "draft"),
        ("draft", "draft"),
        ("PLAN", "plan"),
        ("aucune", ""),
        ("", ""),
        (None, ""),
        ("admis", "done"),
        ("Admise", "done"),
        ("admis.e", "done"),
    ],
)
def test_a_choice_is_read_by_label_or_code(typed, code):
    assert MILESTONES.parse(typed) == code


def test_other_words_of_staff_are_read_as_their_choice():
    kind = choice({"": "aucun", "ft": "France Travail"}, also={"Pôle emploi": "ft"})
    assert [kind.parse(typed) for typed in ("pole EMPLOI", "France travail", "ft", "")] == ["ft", "ft", "ft", ""]
    assert kind.display("ft") == "France Travail"
    with pytest.raises(Refused, match="n'est pas dans la liste"):
        kind.parse("Pôle")


def test_a_choice_comes_back_from_its_label():
    for code in ("", "plan", "draft", "done"):
        assert MILESTONES.parse(MILESTONES.show(code)) == code
    assert MILESTONES.display("draft") == "rédaction"


def test_an_unknown_choice_is_refused_with_what_is_close():
    with pytest.raises(Refused) as close:
        MILESTONES.parse("redation")
    assert "rédaction" in str(close.value)
    with pytest.raises(Refused) as far:
        MILESTONES.parse("zzz")
    assert "aucune, plan" in str(far.value)
    many = choice({str(i): f"étape {i}" for i in range(10)})
    with pytest.raises(Refused) as three:
        many.parse("étape")
    assert str(three.value).count("étape ") == 4  # the word typed, then three suggestions


def test_two_labels_that_read_the_same_are_a_mistake():
    with pytest.raises(ValueError):
        choice({"a": "Été", "b": "ete"})
