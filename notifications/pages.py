"""HTML for mail programs: filled templates with their styles set inline."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).with_name("templates")


def page(template: str, **values: object) -> str:
    """Fill ``template`` and set its styles inline. Every value is escaped."""
    return _inliner().inline(filled(template, **values))


def filled(template: str, **values: object) -> str:
    """Fill ``template`` as it is. Every value is escaped; a value that is missing is an error."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    """Return the inliner: the rules for dark mode and narrow screens stay behind, all others move inline."""
    return css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_at_rules=True, apply_width_attributes=True
    )
