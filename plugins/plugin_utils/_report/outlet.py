# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the document to the folder: each format by its name, and what goes wrong with one does not stop the others."""

import importlib
import os
from typing import NamedTuple, Optional

from . import files

_PACKAGE = __name__.rpartition(".")[0] + ".formats."


class Format(NamedTuple):
    """A format: the module that has its render(), its file, and that file's mode where it is not the umask's to say."""

    module: str
    file: str
    mode: Optional[int] = None


# JSON first: it is what the next run compares with. The page is last, so that who waits for it finds the others.
FORMATS = {
    "json": Format("as_json", "report.json"),
    "junit": Format("as_junit", "junit.xml"),
    "sarif": Format("as_sarif", "report.sarif"),
    "markdown": Format("as_markdown", "report.md"),
    # node_exporter runs as a user of its own.
    "prometheus": Format("as_prometheus", "relaylock.prom", 0o644),
    "html": Format("as_html", "index.html"),
}


def publish(document, folder, names, options, warn):
    """Write the formats *names* of *document* into *folder*. Return the paths written.

    :param dict options: keyword arguments of render() by name of the format
    :param warn: called with a sentence for each file that could not be made
    """
    written = []
    for name in sorted(set(names), key=list(FORMATS).index):
        path = os.path.join(folder, FORMATS[name].file)
        try:
            render = importlib.import_module(_PACKAGE + FORMATS[name].module).render
            files.write(path, render(document, **options.get(name, {})), FORMATS[name].mode)
            written.append(path)
        except Exception as exc:  # whatever it is, the run goes on and its user is told
            warn("cannot write {0}: {1}: {2}. An older file of that name stays as it was.".format(path, type(exc).__name__, exc))
    return written
