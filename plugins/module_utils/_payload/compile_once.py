# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""To be imported first: what is imported after it from the archive that Ansible sends is compiled once instead of twice.

To find a module, Python's zipimport asks itself for the name of the module's file, and compiles the module to tell that name; to run the module
it compiles it again (get_filename and get_code in CPython's Lib/zipimport.py, before 3.8 in Modules/zipimport.c). Nothing on a host can keep the
compiled code, so that this is the larger part of what a module costs there.
"""

import os
import sys
import zipimport


class ZipImporter(zipimport.zipimporter):
    """A zipimporter that tells the name of a file from what the archive holds."""

    def get_filename(self, fullname):
        """Return the path, in the archive, of the module *fullname*. :raises zipimport.ZipImportError: the archive does not hold it."""
        ending = os.sep + "__init__.py" if self.is_package(fullname) else ".py"
        return os.path.join(self.archive, self.prefix + fullname.rpartition(".")[2] + ending)


def install():
    """Let ZipImporter read the archives of this process from now on."""
    sys.path_hooks.insert(0, ZipImporter)
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimport.zipimporter):
            del sys.path_importer_cache[path]


install()
