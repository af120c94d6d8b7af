# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx' settings for the built documents. tests/tools/documents.py lays out the pages and calls it.

The pages are written for the repository page and stay as they are: what only that page can follow or draw is turned into text and a
drawing here.
"""

import re
import sys
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
from mermaid import parse, to_dot  # noqa: E402

project = "relaylock.postfix"
author = copyright = "relaylock.postfix contributors"
html_title = "relaylock.postfix"

extensions = ["myst_parser", "sphinx.ext.graphviz", "sphinx_antsibull_ext"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_heading_anchors = 3
nitpicky = True
# What antsibull-docs refers to in Ansible's own documentation, whose list of targets a build without a network cannot fetch.
ANSIBLE = "https://docs.ansible.com/ansible/latest/"
ELSEWHERE = {
    "ANSIBLE_CALLBACKS_ENABLED": "reference_appendices/config.html#envvar-ANSIBLE_CALLBACKS_ENABLED",
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "callback_plugins": "plugins/callback.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}

html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
pygments_style = "ansible"
highlight_language = "text"
graphviz_output_format = "svg"

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")
_CONTENTS = re.compile(r"^\.\. contents::\n(?:   :.*\n)*", re.MULTILINE)
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _drawn(block):
    """A picture in Mermaid's language as the directive that graphviz draws."""
    return "```{graphviz}\n:align: center\n\n%s\n```" % to_dot(parse(block[1]))


def readable(app, docname, content):
    """What a page says, for a reader who has the built pages alone: a link to a file of the repository becomes its name.

    A list of the page's sections stands beside each page anyway; within the plugins' pages the theme would call it an error, in red.
    """
    source = Path(app.env.doc2path(docname))
    if source.suffix != ".md":
        content[0] = _CONTENTS.sub("", content[0])
        return

    def link(found):
        target = (source.parent / found[2]).resolve()
        return found[0] if target.suffix in (".md", ".rst") and target.exists() else found[1]

    content[0] = _MERMAID.sub(_drawn, _LINK.sub(link, content[0]))


def elsewhere(app, env, node, contents):
    """A reference into Ansible's own documentation."""
    page = ELSEWHERE.get(node["reftarget"])
    return page and nodes.reference("", "", contents, refuri=ANSIBLE + page, internal=False)


def setup(app):
    app.connect("missing-reference", elsewhere)
    app.connect("source-read", readable)
    return {"parallel_read_safe": True}
