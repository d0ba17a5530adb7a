"""Libraries that make files, loaded for the first file asked: the worker never needs them, nor do most pages."""

from importlib import import_module
from types import ModuleType


def typst() -> ModuleType:
    """Return the engine of the PDFs."""
    return import_module("typst")


def xlsxwriter() -> ModuleType:
    """Return the writer of Excel files."""
    return import_module("xlsxwriter")


def odfdo() -> ModuleType:
    """Return the writer of OpenDocument files."""
    return import_module("odfdo")
