"""Pages of a paper handed in as PDF: counted, or refused in words; a file made to exhaust its reader does not."""

import io
import time
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from documents import papers_read
from rules.message import Refused


def pdf(count: int = 3, password: str = "", owner: str = "", algorithm: str = "RC4-128") -> bytes:
    """Make a PDF of blank pages."""
    writer = PdfWriter()
    for _page in range(count):
        writer.add_blank_page(595, 842)
    if password or owner:
        writer.encrypt(password, owner or None, algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("count", [1, 18, 250])
def test_pages_are_counted(count: int) -> None:
    assert papers_read.pages(pdf(count)) == count
    # A byte-order mark before, line ends after.
    assert papers_read.pages(b"\xef\xbb\xbf" + pdf(count) + b"\r\n") == count


def test_a_file_that_anybody_may_open_is_counted_whatever_it_forbids() -> None:
    assert papers_read.pages(pdf(4, owner="propriétaire")) == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "n'est pas vide"),
        (b"PK\x03\x04 un document de traitement de texte", "n'est pas un PDF"),
        (b"Bonjour", "n'est pas un PDF"),
        (b"%PDF-1.7\nrien d'autre", "n'a pas pu"),
        (pdf()[:200], "n'a pas pu"),
        (pdf(0), "n'a pas pu"),
        (pdf(password="secret"), "mot de passe"),
        (b"%PDF-" + b"x" * 25_000_000, "26 Mo ; 25 Mo au plus"),
    ],
    ids=["empty", "docx", "text", "header alone", "cut", "no page", "encrypted", "heavy"],
)
def test_what_is_no_readable_pdf_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        papers_read.pages(content)


def _looped() -> bytes:
    """Make a tree of pages that holds itself."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    tree = writer._pages.get_object()
    tree[NameObject("/Kids")].append(writer._pages)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _wide() -> bytes:
    """Make a tree of pages in which each node names the next one many times: 20 ** 12 pages to walk."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    below = writer._pages.get_object()[NameObject("/Kids")][0]
    for _level in range(12):
        node = DictionaryObject({
            NameObject("/Type"): NameObject("/Pages"), NameObject("/Kids"): ArrayObject([below] * 20),
            NameObject("/Count"): NumberObject(1),
        })  # fmt: skip
        below = writer._add_object(node)
    writer._pages.get_object()[NameObject("/Kids")] = ArrayObject([below])
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _bomb() -> bytes:
    """Make a stream of objects that unfolds into a thousand times its size."""
    body = zlib.compress(b" " * 200_000_000, 9)
    table = b"<< /Type /XRef /Size 2 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>" % len(body)
    return b"%PDF-1.5\n1 0 obj\n" + table + b"\nstream\n" + body + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize("make", [_looped, _wide, _bomb])
def test_a_file_made_to_exhaust_its_reader_is_given_up(make: Callable[[], bytes]) -> None:
    content, start = make(), time.monotonic()
    with pytest.raises(Refused, match="n'a pas pu"):
        papers_read.pages(content)
    assert time.monotonic() - start < papers_read.PATIENCE + 5
