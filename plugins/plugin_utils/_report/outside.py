# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What relay_probe heard from a host, beside what the host's files say, as one more instance of the document."""

from . import shapes
from .results import MODULES_OF_FILES, instance, is_judged
from .shapes import VERDICTS

# What tells most first.
HEARD = ("open", "closed", "unknown", "unreachable")
# Services of master.cf by port; an smtpd of type pass, behind postscreen, is called as its program.
PORTS = {"smtp": 25, "smtpd": 25, "smtps": 465, "submissions": 465, "submission": 587}
NOBODY = "none"  # where no listener of the files has the port
# (what the files say, what was heard): what that means. A pair that is not here agrees, or says nothing.
MEANINGS = {
    ("closed", "open"): "The files let no stranger relay, and yet this client could. Either the server takes it for someone whom it trusts: a gateway, "
                        "a load balancer or a proxy in front hides the address that it comes from, or the client stands within a trusted network. "
                        "Or Postfix runs with other files than these, as it does until it is reloaded. Or something else answers at this port.",
    (NOBODY, "open"): "What answers here is not in the files, and relays: another program, a container, or a port that a gateway hands on.",
    (NOBODY, "closed"): "What answers here is not in the files: another program, a container, or a port that a gateway hands on.",
    ("down", "open"): "With these files it could not answer, and it relays: Postfix runs with other files, as it does until it is reloaded.",
    ("down", "closed"): "With these files it could not answer: Postfix runs with other files, as it does until it is reloaded.",
    ("open", "closed"): "The files let a stranger relay, though not this one: others may come from elsewhere or say something else, or a gateway "
                        "or a filter stands between. Go by the files.",
    ("open", "unreachable"): "The files let a stranger relay. Something keeps this client from the port; it may not keep everyone.",
    ("unknown", "open"): "The files do not tell; to this client the server relays.",
    ("unknown", "closed"): "The files do not tell; to this client the server does not relay. Another may be luckier.",
}
ATTEMPT = shapes.record(sender=shapes.loose_text, recipient=shapes.loose_text, code=shapes.optional(shapes.line_number),
                        reply=shapes.loose_text, outcome=shapes.text)
RELAYED = "relayed"


def heard(result):
    """Return what one call of relay_probe tells, as a dict. :raises Malformed: for what it would not return"""
    read = shapes.record(verdict=shapes.one_of(*HEARD), notes=shapes.listing(shapes.text),
                         attempts=shapes.listing(ATTEMPT))(dict(result, notes=result.get("notes") or []), "relay_probe")
    return dict(_asked(result), verdict=read["verdict"], notes=read["notes"], relayed=[one for one in read["attempts"] if one["outcome"] == RELAYED][:1])


def failed(result, unreachable):
    """Return the same for a call that failed."""
    said = result.get("msg")
    return dict(_asked(result), verdict="unreachable" if unreachable else "unknown", notes=[shapes.text(said, "msg")] if isinstance(said, str) else [],
                relayed=[])


def _asked(result):
    """Return what a call was to ask: port, tls, source, helo."""
    invocation = result.get("invocation")
    asked = invocation.get("module_args") if isinstance(invocation, dict) else None
    asked = asked if isinstance(asked, dict) else {}
    return {"port": asked.get("port") if isinstance(asked.get("port"), int) else 25, "tls": str(asked.get("tls") or "none"),
            "source": shapes.text(str(asked.get("source_address") or ""), "source"), "helo": shapes.text(str(asked.get("helo") or ""), "helo")}


def files_say(listeners, port):
    """Return the worst verdict of the listeners, [{service, verdict}], that have a port, or NOBODY."""
    found = [one["verdict"] for one in listeners if port_of(one["service"]) == port]
    return min(found, key=VERDICTS.index, default=NOBODY)


def port_of(service):
    """Return the port of a service of master.cf, None where its name tells none."""
    name = service.rpartition(":")[2]
    return int(name) if name.isdigit() else PORTS.get(name)


def meaning(files, said):
    """Return in words what it means that the files say one thing and that another was heard; None where they agree."""
    return MEANINGS.get((files, said))


def seen(probes, instances):
    """Return the instance for what was heard of a host.

    :param list probes: from heard() and failed(), one for each port
    :param list instances: what the host's files say
    """
    judged = [one for one in instances if is_judged(one) and one["module"] in MODULES_OF_FILES]
    listeners = [listener for one in judged for listener in one["listeners"]]
    told = [(one, meaning(files_say(listeners, one["port"]), one["verdict"]) if judged else None) for one in probes]
    state = min((one["verdict"] for one in probes), key=HEARD.index)
    check_mode = bool(judged) and all(one["check_mode"] for one in judged)
    # That one port of several does not answer is news only where the files make it so.
    listeners = [_listener(one, why) for one, why in told if why or one["verdict"] != "unreachable"]
    message = None if state in VERDICTS else " ".join(["No port answered."] + list(dict.fromkeys(why for dummy, why in told if why)))
    return instance("relay_probe", state, check_mode, listeners=listeners, message=message)


def _listener(one, why):
    reasons = ([why] if why else []) + one["notes"]
    witness = None
    if one["relayed"]:
        said = one["relayed"][0]
        witness = {"client_address": one["source"] or "the prober", "client_name": "unknown", "helo": one["helo"], "sender": said["sender"],
                   "recipient": said["recipient"], "xclient": None}
    return {"service": "port {0}{1}".format(one["port"], "" if one["tls"] == "none" else ", TLS"), "witness": witness, "because": [],
            "verdict": one["verdict"] if one["verdict"] in VERDICTS else "unknown", "reasons": reasons}
