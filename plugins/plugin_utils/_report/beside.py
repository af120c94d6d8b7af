# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard from a host beside what its files say, in lines."""

import datetime

from . import outside
from .results import instance, is_judged, of_success
from .text import one_line


def summarise(probes, info):
    """Return {lines, files, outside, differ} of one host.

    :param list probes: results of relay_probe, one for each port
    :param dict info: the result of relay_info, or an empty one
    :raises Malformed: for a result that the modules would not return
    """
    heard = [outside.failed(one, bool(one.get("unreachable"))) if one.get("failed") or one.get("unreachable") else outside.heard(one) for one in probes]
    files = of_success("relay_info", info, True, datetime.date.today()) if info.get("verdict") else instance("relay_info", "failed", True)
    seen = outside.seen(heard, [files])
    lines = ["files: {0}; from outside: {1}".format(files["state"] if is_judged(files) else "not judged", seen["state"])]
    differ = False
    for listener in seen["listeners"]:
        lines.append("{0}: {1}".format(listener["service"], listener["verdict"]))
        if listener["witness"]:
            lines.append("  relays from <{sender}> to <{recipient}>".format(**listener["witness"]))
        lines += ["  " + one_line(reason) for reason in listener["reasons"]]
        differ = differ or any(reason in outside.MEANINGS.values() for reason in listener["reasons"])
    return {"lines": [one_line(line) for line in lines], "files": files["state"] if is_judged(files) else None, "outside": seen["state"],
            "differ": differ}
