"""What the tests of papers share: a PDF read back, its words and its codes."""

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp


class Read:
    """A PDF as a person, or a telephone, reads it."""

    def __init__(self, body: bytes) -> None:
        assert body.startswith(b"%PDF-"), body[:200]
        self.pdf = pypdfium2.PdfDocument(body)
        self.body = body

    def __len__(self) -> int:
        return len(self.pdf)

    def text(self, page: int = 0) -> str:
        """Return the words of a page on one line, every kind of space and apostrophe made plain."""
        return plain(self.pdf[page].get_textpage().get_text_bounded())

    def texts(self) -> list[str]:
        return [self.text(page) for page in range(len(self))]

    def codes(self, page: int = 0) -> list[str]:
        """Return what the codes of a page hold, read from its picture as printed at 150 dots an inch."""
        bitmap = self.pdf[page].render(scale=150 / 72, grayscale=True)
        picture = memoryview(bitmap.buffer).cast("B", shape=(bitmap.height, bitmap.stride))
        return sorted(found.text for found in zxingcpp.read_barcodes(picture))

    def bounds(self, page: int = 0) -> tuple[float, float, list[tuple[float, float, float, float]]]:
        """Return the width and height of a page, and the box of each thing drawn on it, in points."""
        sheet = self.pdf[page]
        boxes = [thing.get_bounds() for thing in sheet.get_objects()]
        return (*sheet.get_size(), [box for box in boxes if box[2] > box[0] or box[3] > box[1]])

    @property
    def tagged(self) -> bool:
        return bool(pdfium.FPDFCatalog_IsTagged(self.pdf.raw))

    @property
    def title(self) -> str:
        return self.pdf.get_metadata_value("Title")


def plain(text: str) -> str:
    """Return a text with plain spaces, apostrophes and hyphens."""
    for odd, usual in (("\u202f", " "), ("\u00a0", " "), ("’", "'"), ("\x02", "-"), ("\ufffe", "-")):
        text = text.replace(odd, usual)
    return " ".join(text.split())
