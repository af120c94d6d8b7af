# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to render: a fleet with something of everything, fleets of any size, nobody, only healthy hosts, and strangers' texts.

What their hosts say is what the modules said of real configurations (recorded.json, made by record.py). The same arguments make the
same document.
"""

import copy
import json
import random
from pathlib import Path

RECORDED = json.loads((Path(__file__).resolve().parent / "recorded.json").read_text(encoding="utf-8"))
GENERATED = "2026-11-27T05:30:00Z"
EARLIER = "2026-11-26T05:30:00Z"
STATES = ("open", "down", "unknown", "failed", "unreachable", "closed", "absent")
SEVERITIES = ("critical", "high", "medium", "low")
SITES = ("berlin", "lisbon", "nairobi", "osaka", "quito", "tromso")
PARTS = ("mx", "submission", "relay", "lists")
SICK = sorted(name for name, one in RECORDED.items() if one["state"] == "open" or one["drift"])
UNREACHABLE = "Failed to connect to the host via ssh: ssh: connect to host {0} port 22: Connection timed out"
ABSENT = "there is no Postfix on this host: no postconf, and no such directory (/etc/postfix)"


def instance(name, **changes):
    """Return what was recorded of a server, as an instance that may be changed."""
    return dict(copy.deepcopy(RECORDED[name]), **changes)


def healthy(plain=True):
    """Return an instance without a fault; not *plain*: with the one finding that most hosts have, which is at no line."""
    return instance("healthy", findings=[] if plain else copy.deepcopy(RECORDED["healthy"]["findings"]))


def silent(state, message):
    """Return the instance of a host that could not be judged."""
    return {"config_directory": None, "module": "relay_baseline", "state": state, "after": None, "changed": False, "check_mode": True,
            "postfix_version": None, "message": message, "listeners": [], "findings": [], "fixed": [], "drift": [],
            "access": {"lost": [], "kept": []}, "diff": []}


def host(name, *instances, groups=("mail",), was=None, since=None):
    """Return a host with these instances."""
    return {"name": name, "groups": list(groups), "state": min((one["state"] for one in instances), key=STATES.index), "was": was,
            "since": since, "instances": list(instances)}


def order(one):
    """Return what hosts are sorted by: the worst first, those that drift ahead of the others."""
    return STATES.index(one["state"]), not any(each["drift"] for each in one["instances"]), one["name"]


def document(hosts, compared_with=None, **changes):
    """Return the document of these hosts, counted."""
    found = [(one, each) for one in hosts for each in one["instances"]]
    findings = [each for dummy, one in found for each in one["findings"]]
    counted = [each for each in findings if not each["waived"]]
    totals = {"hosts": len(hosts), "states": {state: sum(one["state"] == state for one in hosts) for state in STATES},
              "drifting": sum(any(each["drift"] for each in one["instances"]) for one in hosts),
              "changed": sum(any(each["changed"] for each in one["instances"]) for one in hosts),
              "findings": {severity: sum(one["severity"] == severity for one in counted) for severity in SEVERITIES},
              "waived": len(findings) - len(counted), "new": sum(one["new"] for one in findings),
              "fixed": sum(len(each["fixed"]) for dummy, each in found)}
    return dict({"schema_version": 1, "generated": GENERATED, "generator": {"collection": "0.1.0", "ansible_core": "2.19.14"},
                 "playbooks": ["drift.yml"], "check_mode": all(one["check_mode"] for dummy, one in found), "totals": totals,
                 "compared_with": compared_with, "hosts": sorted(hosts, key=order)}, **changes)


def waive(one, id_, reason, until, days_left):
    """Waive the findings of an instance that have this id, or stop doing so where no day is left."""
    for each in one["findings"]:
        if each["id"] == id_:
            each.update(waived=days_left >= 0, waiver={"reason": reason, "until": until, "days_left": days_left})
    return one


def aged(one, *new):
    """Tell of each finding of an instance whether it is new, by its id, or since when it is there."""
    for each in one["findings"]:
        each.update(new=each["id"] in new, since=None if each["id"] in new else "2026-10-03T05:30:00Z")
    return one


def morning():
    """A fleet with something of everything, compared with the night before."""
    table = waive(instance("database"), "table_unreadable", "The table holds our own customers alone", "2026-12-31", 34)
    old = waive(instance("default_sasl", state="closed", listeners=[]), "sasl_plaintext_without_tls",
                "The scanner on the third floor knows no TLS", "2026-11-22", -5)
    old["findings"] = [one for one in old["findings"] if one["id"] != "stranger_relays"]
    mended = instance("healthy")
    mended["fixed"] = copy.deepcopy([one for one in RECORDED["too_broad_mynetworks"]["findings"] if one["severity"] in ("critical", "high")])
    hosts = [
        host("mx1.berlin.example.com", aged(instance("too_broad_mynetworks"), "stranger_relays", "mynetworks_too_broad"),
             groups=("mail", "site_berlin"), was="closed", since=GENERATED),
        host("relay2.osaka.example.com", aged(instance("permissive_relay_list")), groups=("mail", "site_osaka"), was="open",
             since="2026-10-03T05:30:00Z"),
        host("campus.lisbon.example.com", aged(instance("campus")), groups=("mail", "site_lisbon", "campus"), was="open",
             since="2026-11-20T05:30:00Z"),
        host("lists.quito.example.com", instance("multi_instance_first", state="closed", listeners=[], findings=[], drift=[], diff=[], changed=False),
             instance("multi_instance_second", config_directory="/etc/postfix-out"), groups=("mail", "site_quito")),
        host("old.nairobi.example.com", aged(instance("dead"), "smtpd_does_not_start"), groups=("mail", "site_nairobi"), was="closed"),
        host("sql.berlin.example.com", table, groups=("mail", "site_berlin"), was="unknown", since="2026-06-01T05:30:00Z"),
        host("lab.tromso.example.com", silent("failed", RECORDED["broken"]["message"]), groups=("lab",)),
        host("spare.osaka.example.com", silent("unreachable", UNREACHABLE.format("spare.osaka.example.com")), groups=("mail", "site_osaka")),
        host("mx3.berlin.example.com", old, groups=("mail", "site_berlin")),
        host("mx2.berlin.example.com", mended, groups=("mail", "site_berlin"), was="open"),
        host("web.lisbon.example.com", silent("absent", ABSENT), groups=("web",))]
    hosts += [host("mx{0}.{1}.example.com".format(number, site), healthy(False), groups=("mail", "site_" + site))
              for number in range(4, 9) for site in SITES]
    return document(hosts, {"generated": EARLIER, "hosts_gone": ["mx9.quito.example.com"]})


def empty():
    """A run that judged nobody."""
    return document([])


def all_closed(count=12):
    """A fleet to be proud of."""
    return document([host("mx{0}.example.com".format(number + 1), healthy(), groups=("mail",)) for number in range(count)])


def one_open():
    """A fleet with one open relay."""
    return document([host("mx1.example.com", instance("campus"))] + all_closed()["hosts"][1:])


def fleet(count, plain=True):
    """A fleet of *count* hosts, one in ten with findings; not *plain*: the other nine with the finding that most hosts have."""
    draw = random.Random(count)
    hosts = []
    for number in range(count):
        part, site = draw.choice(PARTS), draw.choice(SITES)
        name = "{0}{1:05d}.{2}.example.com".format(part, number, site)
        groups = ("mail", "part_" + part, "site_" + site, "ring_{0}".format(number % 40))
        hosts.append(host(name, _sick(draw, number) if number % 10 == 3 else healthy(plain), groups=groups))
    return document(hosts)


def _sick(draw, number):
    """Return an instance with faults; most are closed servers that drift, for nobody has a thousand open relays."""
    source = SICK[number // 10 % len(SICK)]
    text = json.dumps(RECORDED[source])
    for name in ("mx.mail.example", "mail.example.com", "mx1.example.com", "mx2.example.com"):
        text = text.replace(name, "mx{0}.example.com".format(number))
    one = json.loads(text)
    if draw.random() < 0.05:
        return silent("unreachable", UNREACHABLE.format("mx{0}".format(number)))
    return one


# What a stranger may write where he can: to run, to break out, to hide, to reorder, to be long, to be no text at all.
HOSTILE = (
    "<script>window.hit = 1</script>", "\"><img src=x onerror='window.hit = 1'>", "' onmouseover='window.hit = 1' x='", "</style><script>hit()</script>",
    "</script><script>window.hit = 1</script>", "javascript:window.hit = 1", "{{ 7 * 7 }}{% raw %}", "--><!--", "&lt;b&gt;&#x202e;", "]]>",
    "\x00\x01\x07\x08\x0b\x0c\x1b[31mred\x1b[0m\x7f\x85\x9b", "user\u202egnp.exe\u202c", "\u2066left\u2069 \u200bzero\u200d\u2060width\ufeff",
    "\u05e9\u05dc\u05d5\u05dd abc \u0627\u0644\u0639\u0631\u0628\u064a\u0629 123", "\u2028\u2029", "caf\udce9 \udcff\udcfe", "\ud800 alone \udfff",
    "\U000e0041\U000e0042", "a" + "\u0301" * 200, "\u3164\u00a0\u2003", "\ufffe\uffff\U0010ffff",
    "x" * 10000, "long words " * 900, "\r\n\r\nSet-Cookie: a=b", "")


def hostile():
    """A document with a stranger's text in every field that is text, each text in each kind of field."""
    hosts = []
    for number, text in enumerate(HOSTILE):
        texts = iter(HOSTILE[number:] + HOSTILE[:number])
        one = _poisoned(instance(("campus", "replace_mail", "behind_a_filter", "default_sasl")[number % 4]), texts, text)
        one["fixed"] = copy.deepcopy(one["findings"][:1])
        one["findings"][0].update(waived=number % 2 == 0, waiver={"reason": text, "until": text, "days_left": 3}, since=text)
        hosts.append(host(text or "empty", one, silent("failed", text), groups=(text, "mail"), was=("closed", text)[number % 2], since=text))
    made = document(hosts, {"generated": HOSTILE[0], "hosts_gone": list(HOSTILE)}, generated=HOSTILE[1], playbooks=list(HOSTILE))
    made["generator"] = {"collection": HOSTILE[2], "ansible_core": HOSTILE[3]}
    return made


# What is not a text of a stranger: words of ours, and what the page's own code compares.
OURS = ("state", "after", "verdict", "module", "until")


def _poisoned(value, texts, last, key=None):
    """Return *value* with the next of the *texts* in place of each text."""
    if isinstance(value, dict):
        return {name: _poisoned(each, texts, last, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, texts, last, key) for each in value]
    if isinstance(value, str) and key not in OURS:
        return next(texts, last)
    return value
