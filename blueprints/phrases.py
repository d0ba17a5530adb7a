"""Words of the templates in the visitor's language, found once: a page asks for hundreds of them."""

from functools import lru_cache

from babel.support import NullTranslations, Translations
from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from blueprints import htmx
from settings import ROOT


def set_up(app: Flask) -> None:
    """Answer templates from memory, in place of a search of the catalogue for every word of every page."""
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext, "ngettext": _ngettext})


@pass_context
def _gettext(context: Context, text: str, /, **variables: object) -> Markup:
    language = context.get("lang") or htmx.language()
    return _sentence(language, text) % variables if variables else _plain(language, text)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, num: int, /, **variables: object) -> Markup:
    variables.setdefault("num", num)
    return _counted(context.get("lang") or htmx.language(), singular, plural, num) % variables


# A template's own words are its markup; what fills their places is escaped.
@lru_cache(maxsize=8192)
def _sentence(language: str, text: str) -> Markup:
    return Markup(_catalogue(language).ugettext(text))  # noqa: S704 - see above


@lru_cache(maxsize=8192)
def _plain(language: str, text: str) -> Markup:
    return _sentence(language, text) % {}


@lru_cache(maxsize=4096)
def _counted(language: str, singular: str, plural: str, num: int) -> Markup:
    return Markup(_catalogue(language).ungettext(singular, plural, num))  # noqa: S704 - see above


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    """Return the compiled words of a language, whatever the request: what is kept must not depend on it."""
    return Translations.load(ROOT / "translations", [language])
