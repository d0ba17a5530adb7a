"""The form of one line of a page, filled as a browser would send it back."""

from html.parser import HTMLParser


class _Line(HTMLParser):
    """Gather what the fields of the element that carries `mark` (attribute, value) hold."""

    def __init__(self, mark: tuple[str, str]) -> None:
        super().__init__()
        self.mark, self.inside, self.over = mark, False, False
        self.depth = 0
        self.values: dict[str, str] = {}
        self.named = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attributes}
        if held.get(self.mark[0]) == self.mark[1]:
            self.inside = True
        if not self.inside or self.over:
            return
        if tag == "li":
            self.depth += 1
        if tag == "input":
            self.values[held["name"]] = held.get("value", "")
        elif tag in ("select", "textarea"):
            self.named, self.values[held["name"]] = held["name"], ""
        elif tag == "option" and "selected" in dict(attributes):
            self.values[self.named] = held["value"]

    def handle_data(self, data: str) -> None:
        if self.inside and not self.over and self.lasttag == "textarea" and self.named:
            self.values[self.named] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.named = ""
        if tag == "li" and self.inside:
            self.depth -= 1
            self.over = self.over or not self.depth


def line_form(html: str, attribute: str, value: str) -> dict[str, str]:
    """Return the fields of the line whose `attribute` has this value; empty where nothing can be changed."""
    line = _Line((attribute, value))
    line.feed(html)
    assert line.inside, f"no {attribute}={value}"
    return line.values
