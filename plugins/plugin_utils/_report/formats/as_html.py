# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that asks nothing of anybody: no request, no framework, no script from elsewhere.

Texts of hosts are written by strangers. Whatever a template puts out is escaped and made visible on its way, unless it is Markup
already; the page's policy lets nothing run but the one script and the one style sheet whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .. import visible
from ..page import facets, rows, words

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
POLICY = "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"
# Characters of hosts in full. Beyond it, hosts are shown with their findings alone: a page that no browser opens helps nobody.
BUDGET = 24_000_000


def shown(value: Any) -> Markup:
    """Return what a template puts out for *value*: visible, escaped, and isolated where it could reorder its neighbours."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    text = value if isinstance(value, str) else str(value)
    if visible.is_plain(text):
        return escape(text)
    html = "".join(str(escape(piece)) if seen else '<i class="u">{0}</i>'.format(piece) for seen, piece in visible.pieces(text))
    return Markup(html if text.isascii() else "<bdi>{0}</bdi>".format(html))


def plain(value: Any) -> Markup:
    """Return *value* for an attribute or an option, where no markup may stand: visible and escaped."""
    return escape(visible.visible("" if value is None else str(value)))


def changes(lines: list[str]) -> Markup:
    """Return the lines of a unified diff, neighbours of one kind in one element; the signs at their beginning stay.

    Line feeds are within the elements: behind a block they would be empty lines.
    """
    parts: list[str] = []
    kind, run = "", []
    for line in [*lines, None]:
        new = "" if line is None else {"+": "ins", "-": "del", "@": "i"}.get(line[:1], "span")
        if run and (new != kind or line is None):
            text = "".join(str(shown(one)) + "\n" for one in run)
            parts.append(text if kind == "span" else "<{0}>{1}</{0}>".format(kind, text))
            run = []
        kind = new
        run.append(line)
    return Markup("".join(parts))


def options(command: str) -> Markup:
    """Return a command that breaks into lines nowhere within an option's name."""
    return Markup(" ").join(Markup("<span>{0}</span>").format(shown(word)) if word.startswith("-") else shown(word) for word in command.split(" "))


def source_hash(text: str) -> str:
    """Return the name by which a Content-Security-Policy knows this script or style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates' environment. What autoescape would not do by a file's name, it does by being on."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, finalize=shown, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False)
    made.filters.update(plain=plain, changes=changes, options=options, amount=words.amount, day=words.day, moment=words.moment)
    return made


def bodies(found: list[rows.Row], budget: int) -> Markup:
    """Return the hosts' list items, those after the *budget* is spent without their dialogues and diffs."""
    template = environment().get_template("host.html.j2").module
    parts: list[str] = []
    for row in found:
        if row.kind == "line":
            parts.append(template.line(row))
            continue
        parts.append(template.full(row, budget > 0))
        budget -= len(parts[-1])
    return Markup("\n".join(parts))


def render(document: dict[str, Any], budget: int = BUDGET) -> str:
    """Return the page of a report's *document*; it can be encoded in UTF-8 whatever the document holds.

    :param budget: characters for hosts in full
    :raises jinja2.TemplateError, KeyError: where the document is none of this version
    """
    script, style = (TEMPLATES.joinpath(name).read_text(encoding="utf-8") for name in ("page.js", "page.css"))
    facet = facets.Facets(document["hosts"])
    found = rows.rows(document, facet)
    return environment().get_template("page.html.j2").render(
        document=document, facets=facet, hosts=bodies(found, budget), headline=words.headline(document), notes=words.notes(document),
        command=words.fleet_command(document), shares=facets.shares(document["totals"]["states"]), title=words.title(document),
        style=Markup(style), script=Markup(script), policy=POLICY.format(script=source_hash(script), style=source_hash(style))) + "\n"
