# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests make reports of: results as the modules return them, documents, and what a stranger may write into a main.cf."""

import datetime

from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import document, results
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.gather import Gather

TODAY = datetime.date(2026, 11, 27)
NOW = "2026-11-27T12:00:00Z"
GENERATOR = {"collection": "0.1.0", "ansible_core": "2.19.14"}

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "@everyone #1 !2 https://evil.example/ www.evil.example someone@evil.example",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) <https://evil.example>",
    "```\n# a heading\n/close\n````",
    "`` | ` | a \\| b \\\\| c",
    "\x00\x01\x1b[31mred\x1b[0m\x7f\x85\x9b",
    "\u202eabc\u2066def\u200b\u2028\u2029\ufeff",
    "bytes of latin-1: \udce4\udcf6\udcfc, and \ud800",
    "]]>&#27;&amp;&lt;",
    "\ufffe\uffff\U0001f600",
    "a\r\nb\rc\n\n\td",
    "{{ 7 * 7 }}{% raw %}",
    "\\\n\\\"quoted\\",
    "x" * 10000,
    "",
)

HOSTILE_TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet="`|<>[]()@#*_\\\n\r\t \x00\x1b\u202e\udcff\"'&{}~-=", max_size=40))


def finding(id_="mynetworks_too_broad", severity="high", **values):
    """A finding as the modules return it."""
    return dict({"id": id_, "severity": severity, "file": "/etc/postfix/main.cf", "line": 5, "parameter": "mynetworks", "service": "smtp",
                 "message": "0.0.0.0/0 in mynetworks trusts public addresses that nobody declared", "waived": False}, **values)


def open_listener(**values):
    """A listener that relays for strangers."""
    witness = {"client_address": "192.0.2.25", "client_name": "unknown", "helo": "mail.stranger.example",
               "sender": "someone@stranger.example", "recipient": "somebody@elsewhere.example", "xclient": None}
    because = [{"file": "/etc/postfix/main.cf", "line": 5, "parameter": "mynetworks", "item": "0.0.0.0/0"}]
    return dict({"service": "smtp", "verdict": "open", "witness": witness, "because": because, "reasons": []}, **values)


def closed_listener(service="smtp"):
    return {"service": service, "verdict": "closed", "witness": None, "because": [], "reasons": []}


def info(state="closed", **values):
    """A result of relay_info, as a callback sees it."""
    listeners = [open_listener()] if state == "open" else [dict(closed_listener(), verdict=state)]
    return dict({"changed": False, "verdict": state, "listeners": listeners, "findings": [], "postfix_version": "3.7.11",
                 "invocation": {"module_args": {"config_directory": None, "waivers": []}}}, **values)


def baseline(before="open", after="closed", **values):
    """A result of relay_baseline with --diff, as a callback sees it."""
    changes = before != "closed"
    found = info(before, verdict={"before": before, "after": after}, changed=changes, config_directory="/etc/postfix", drift=[],
                 access={"lost": [], "kept": ["strangers still reach the server's own domains"]}, diff=[])
    if changes:
        stranger = finding("stranger_relays", "critical", message="A stranger can relay mail: from unknown [192.0.2.25]")
        found.update(
            findings=[stranger, finding()] if before == "open" else [],
            drift=[{"file": "/etc/postfix/main.cf", "service": None, "parameter": "mynetworks", "before": "0.0.0.0/0", "after": "127.0.0.0/8",
                    "findings": ["mynetworks_too_broad"]}],
            access={"lost": ["public addresses in 0.0.0.0/0"], "kept": []},
            diff=[{"before_header": "/etc/postfix/main.cf", "after_header": "/etc/postfix/main.cf",
                   "before": "myhostname = mx1\nmynetworks = 0.0.0.0/0\n", "after": "myhostname = mx1\nmynetworks = 127.0.0.0/8\n"}])
    return dict(found, **values)


def judged(result, module=None, check_mode=True):
    """The instance of a result."""
    module = module or ("relay_baseline" if isinstance(result.get("verdict"), dict) else "relay_info")
    return results.of_success(module, result, check_mode, TODAY)


def failed(message="main.cf cannot be read", **values):
    """The instance of a failure."""
    return results.of_failure("relay_info", dict({"msg": message}, **values), True)


def unreachable(message="ssh: connect to host mx9 port 22: Connection refused"):
    return results.of_failure("relay_info", {"msg": message, "unreachable": True}, True, unreachable=True)


def gathered(hosts):
    """A Gather of {host: [instance]}."""
    gather = Gather()
    for host, instances in hosts.items():
        for one in instances:
            gather.add(host, ("mail",), one, one["config_directory"] is not None)
    return gather


def report(hosts, earlier=None, now=NOW):
    """The document of {host: [instance]}."""
    return document.make(gathered(hosts).hosts(set(), True), now, GENERATOR, ["drift.yml"], earlier)


def fleet():
    """A document with a host of each state."""
    waived = finding("permit_before_guard", "high", waived=True, waiver={"reason": "until the move", "until": "2026-12-31"})
    return report({
        "mx1.example.com": [judged(baseline())],
        "mx2.example.com": [judged(baseline("down"))],
        "mx3.example.com": [judged(info("unknown", listeners=[dict(closed_listener(), verdict="unknown", reasons=["what mysql:/etc/x answers"])]))],
        "mx4.example.com": [failed()],
        "mx5.example.com": [unreachable()],
        "mx6.example.com": [judged(baseline("closed", changed=True, drift=baseline()["drift"]))],
        "mx7.example.com": [judged(info(findings=[waived, finding("sender_restrictions_missing", "low", file=None, line=None)]))],
        "mx8.example.com": [failed("no Postfix on this host", absent=True)],
        "mx9.example.com": [judged(baseline(), check_mode=False),
                            judged(baseline("closed", config_directory="/etc/postfix-out", changed=False), check_mode=False)],
    })


def hostile(text):
    """A document with *text* wherever a host, or its inventory, can put one."""
    because = [{"file": text, "line": 5, "parameter": text, "item": text}]
    witness = dict.fromkeys(("client_address", "client_name", "helo", "sender", "recipient"), text)
    listener = {"service": text, "verdict": "open", "witness": dict(witness, xclient={text: text}), "because": because, "reasons": [text]}
    bad = finding(text, file=text, parameter=text, service=text, message=text)
    waived = dict(bad, waived=True, waiver={"reason": text, "until": "2026-12-31"})
    edit = {"file": text, "service": text, "parameter": text, "before": text, "after": text, "findings": [text]}
    result = baseline(listeners=[listener], findings=[bad, waived, dict(bad, id="stranger_relays")], drift=[edit], config_directory=text,
                      postfix_version=text, access={"lost": [text], "kept": [text]},
                      diff=[{"before_header": text, "after_header": text, "before": text, "after": text + "\n" + text}])
    hosts = {text or "empty": [judged(result), failed(text, config_directory="/" + text)], "other": [unreachable(text)]}
    return document.make(gathered(hosts).hosts(set(), True), NOW, GENERATOR, [text], None)
