"""Reports on paper and as a page, from contents at hand: neither facts nor pictures are read here."""

import datetime
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import typst
from markupsafe import Markup

from oreway.outputs.pictures.font_folder import FONTS

TEMPLATE, PAGE = Path(__file__).with_name("report.typ"), Path(__file__).with_name("report.html")
TYPESETTING = threading.Lock()


@lru_cache
def _compiler(template: Path) -> typst.Compiler:
    """Return a compiler that has read a template and the fonts once."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(template, root=template.parent, font_paths=fonts, ignore_system_fonts=True)


def typeset(template: Path, data: str, created: datetime.date) -> bytes:
    """Return a template filled with content as JSON: a PDF, tagged and checked by the compiler as PDF/UA-1, PDF/A-2a.

    Texts reach the template as data and are never read as markup.
    """
    with TYPESETTING:  # a compiler does one thing at a time
        pdf: bytes = _compiler(template).compile(  # type: ignore[assignment]
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime.datetime(created.year, created.month, created.day, tzinfo=datetime.UTC),
        )
    return pdf


def paper(content: dict[str, Any], created: datetime.date) -> bytes:
    """Return the report of one site as PDF."""
    return typeset(TEMPLATE, json.dumps(content, ensure_ascii=False, allow_nan=False), created)


@lru_cache(maxsize=1)
def _page() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(PAGE.read_text(encoding="utf-8"))


def page(content: dict[str, Any]) -> str:
    """Return the report of one site as one HTML page that needs no other file; every text is escaped."""
    return _page().render(**content, drawn=_drawn)


def _drawn(svg: str) -> Markup:
    return Markup(svg[svg.index("<svg") :])  # noqa: S704 - drawn by us, its texts escaped by the SVG writer
