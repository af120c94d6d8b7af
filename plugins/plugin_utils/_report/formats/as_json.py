# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON: the document itself, with one host a line, so that a file in git has diffs to read."""

import json


def render(document):
    """Return the document as JSON, in ASCII."""
    head = dict((key, value) for key, value in document.items() if key != "hosts")
    # json.dumps() with an indent is ten times slower.
    opening = json.dumps(head, allow_nan=False)[:-1]
    hosts = ",\n".join(json.dumps(host, allow_nan=False) for host in document["hosts"])
    return '{0}, "hosts": [\n{1}\n]}}\n'.format(opening, hosts)
