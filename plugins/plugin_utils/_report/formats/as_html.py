# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that asks nothing of anybody: no request, no framework, no script from elsewhere.

Texts of hosts are written by strangers. Whatever a template puts out is made visible and escaped on its way, and the page's policy
lets nothing run but the one script, and nothing style but the one sheet, whose hashes it names.
"""

import base64
import functools
import hashlib
import pathlib

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .. import page, words
from ..document import STATES
from ..text import count, visible

TEMPLATES = pathlib.Path(__file__).resolve().parent.parent / "templates"
POLICY = "default-src 'none'; script-src '{0}'; style-src '{1}'; base-uri 'none'; form-action 'none'"
# Characters of hosts in full. Beyond, they are shown without dialogues and diffs: a page that no browser opens helps nobody.
BUDGET = 24000000
KINDS = {"+": "ins", "-": "del", "@": "i"}


def shown(value):
    """Return what a template puts out for *value*: visible, escaped, and isolated where it could turn its neighbours around."""
    if isinstance(value, Markup):
        return value
    text = "" if value is None else str(value)
    made = escape(visible(text))
    return made if text.isascii() else Markup("<bdi>{0}</bdi>").format(made)


def plain(value):
    """Return *value* for an attribute or an option, where no element may stand: visible and escaped."""
    return escape(visible("" if value is None else str(value)))


def changes(lines):
    """Return the lines of a unified diff, each in an element of its kind; the signs at their begin stay."""
    return Markup("\n").join(Markup("<{0}>{1}</{0}>").format(Markup(KINDS.get(line[:1], "span")), shown(line)) for line in lines)


def source_hash(text):
    """Return the name by which a Content-Security-Policy knows this script or style sheet (CSP level 2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@functools.lru_cache(maxsize=None)
def environment():
    """Return the templates' environment. Escaping hangs on no file's name: it is on."""
    made = Environment(loader=FileSystemLoader(str(TEMPLATES)), autoescape=True, finalize=shown, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters.update(plain=plain, changes=changes, dialogue=page.dialogue, place=words.place, command=page.command, count=count)
    return made


def source(name):
    """Return the text of the script or the style sheet without the lines that say whose it is; they are said once, in the page."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return text.partition("*/\n")[2]


def bodies(rows, budget):
    """Yield the elements of the hosts; those after the *budget* is spent without dialogues and diffs."""
    macros = environment().get_template("host.html.j2").module
    for number, row in enumerate(rows):
        text = macros.bare(row) if row.bare else macros.full(row, number < page.OPENED, budget > 0)
        budget -= len(text)
        yield text


def render(document, budget=BUDGET):
    """Return the page of a *document* (str); it can be encoded whatever the document holds.

    :param int budget: characters for hosts in full
    :raises jinja2.TemplateError, KeyError: where the document is none of this version
    """
    script, style = source("page.js"), source("page.css")
    looked_up = page.facets(document["hosts"])
    rows = page.rows(document["hosts"], looked_up)
    return environment().get_template("page.html.j2").render(
        document=document, totals=document["totals"], states=STATES, facets=looked_up, headline=page.headline(document["totals"]),
        hosts=Markup("\n").join(bodies(rows, budget)), style=Markup(style), script=Markup(script),
        policy=POLICY.format(source_hash(script), source_hash(style))) + "\n"
