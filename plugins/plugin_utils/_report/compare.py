# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run against an earlier one: what is new, what is fixed, since when."""

import datetime
from collections import Counter

from . import shapes
from .results import UNJUDGED, complete, is_judged
from .shapes import Malformed

_STATES = shapes.VERDICTS + UNJUDGED
_INSTANCE = shapes.record(config_directory=shapes.optional(shapes.text), module=shapes.optional(shapes.text), state=shapes.one_of(*_STATES),
                          findings=lambda value, where: value)
_HOST = shapes.record(name=shapes.text, state=shapes.one_of(*_STATES), since=shapes.optional(shapes.moment), instances=shapes.listing(_INSTANCE))
_SINCE = shapes.record(since=shapes.optional(shapes.moment))


def earlier_document(raw, known_version):
    """Return what a comparison needs of a document that was read from a file.

    :raises Malformed: for anything but a document of this version
    """
    if not isinstance(raw, dict) or raw.get("schema_version") != known_version:
        raise Malformed("it is no report of schema version {0}".format(known_version))
    found = shapes.record(generated=shapes.moment, hosts=shapes.listing(_HOST))(raw, "report")
    for host in found["hosts"]:
        for one in host["instances"]:
            one["findings"] = _findings(one["findings"])
    return found


def _findings(raw):
    findings = shapes.listing(shapes.FINDING)(raw, "findings")
    return [dict(finding, since=since["since"]) for finding, since in zip(findings, shapes.listing(_SINCE)(raw, "findings"))]


class Earlier(object):
    """An earlier document, by host.

    :param dict found: from earlier_document()
    """

    def __init__(self, found):
        self.generated = found["generated"]
        self.hosts = dict((host["name"], host) for host in found["hosts"])

    def summary(self, names):
        """Return ``compared_with`` of the document for the names of its hosts."""
        return {"generated": self.generated, "hosts_gone": sorted(set(self.hosts) - set(names))}


def compare_host(host, earlier, now):
    """Return a host of the new document with what became of it since.

    :param Earlier earlier:
    :param str now: when the new document was made
    """
    old = earlier.hosts.get(host["name"])
    if old is None:
        return dict(host, since=now, instances=[_first_seen(one, now) for one in host["instances"]])
    same = old["state"] == host["state"]
    before = dict((one["config_directory"], one) for one in _of_files(old))
    return dict(host, was=old["state"], since=(old["since"] or earlier.generated) if same else now,
                instances=[_compared(one, _counterpart(one, host, before), earlier.generated, now) for one in host["instances"]])


def _counterpart(one, host, before):
    """Return the earlier instance of the same configuration, or None; a directory without a name may have got one, or lost it."""
    if one["config_directory"] in before:
        return before[one["config_directory"]]
    alone = len(_of_files(host)) == 1 and len(before) == 1 and None in [one["config_directory"], *before]
    return next(iter(before.values())) if alone else None


def _of_files(host):
    """Return a host's instances that are of a configuration directory: what was heard from outside has no findings to compare."""
    return [one for one in host["instances"] if one.get("module") != "relay_probe"]


def _first_seen(one, now):
    return dict(one, findings=[dict(finding, new=True, since=now) for finding in one["findings"]])


def _compared(one, old, then, now):
    if not is_judged(one):
        return one
    if old is None:
        return _first_seen(one, now)
    if not is_judged(old):
        # Nobody knows whether these were there then.
        return one
    pairs, gone = _paired(one["findings"], old["findings"])
    findings = [dict(finding, new=match is None, since=now if match is None else match["since"] or then) for finding, match in pairs]
    today = datetime.datetime.strptime(now, "%Y-%m-%dT%H:%M:%SZ").date()
    fixed = [dict(complete(finding, today), since=finding["since"] or then) for finding in gone if not finding["waived"]]
    return dict(one, findings=findings, fixed=fixed)


def _paired(new, old):
    """Return [(new finding, the same one of before or None)] and the old ones that have no partner.

    The same is what has the same id at the same parameter and says the same; lines move. Where there is only one of an id at a
    parameter, before as now, it may say something else, such as the address of another stranger.
    """
    keys = _keys(new, old)
    waiting = {}
    for finding in old:
        waiting.setdefault(keys(finding), []).append(finding)
    pairs = [(finding, (waiting.get(keys(finding)) or [None]).pop(0)) for finding in new]
    return pairs, [finding for left in waiting.values() for finding in left]


def _keys(*lists):
    counts = [Counter(_place(finding) for finding in findings) for findings in lists]

    def key(finding):
        place = _place(finding)
        return place if all(count[place] <= 1 for count in counts) else place + (finding["message"],)
    return key


def _place(finding):
    return finding["id"], finding["file"], finding["parameter"], finding["service"]
