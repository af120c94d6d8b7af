# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The battery: small configurations with what the real smtpd answers to them.

cases() lists them all. Each is a rule of Postfix or its near miss; the answers were given by smtpd 3.5, 3.7, 3.10 and 3.11,
and test_battery_is_true.py asks again. Nothing here needs a Postfix to be read.
"""

import importlib
import pkgutil

from .form import ANSWERS, Case, write

__all__ = ["ANSWERS", "Case", "cases", "write"]


def cases():
    """Every case of every module here, in order; a list of Case.

    Raises ValueError where two cases share an id.
    """
    found = []
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "form"):
        found += importlib.import_module("%s.%s" % (__name__, module)).CASES
    names = [case.id for case in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError("ids used twice: %s" % sorted(twice))
    return found
