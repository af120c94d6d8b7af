# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe and the near misses: smtpd's configurations of the battery, open and closed, on every Postfix there is.

The probe's connections are TCP; each is handed to smtpd as postscreen hands over its own, with a stranger's address. The judge says what
is open, and its witness is replayed; that smtpd agrees with the judge, tests/oracle shows.
"""

import collections
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/oracle"), str(ROOT / "tests/outside/probe")]
import adversary  # noqa: E402
import agreement  # noqa: E402
import oracle  # noqa: E402
from battery import cases  # noqa: E402
from probed import WISH  # noqa: E402
from test_battery_is_true import tables_built  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import trust  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.entitled import is_trusted  # noqa: E402
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.recipients import OWN_CLASSES  # noqa: E402

STRANGERS = ("203.0.113.9", "198.51.100.9", "192.0.2.99", "2001:db8:bad::9")
EACH = 6      # so manieth case on each version, another on each
ENOUGH = 40   # of them at least, together with open and closed ones
# The error limits are the real ones.
LIMITS = ("smtpd_error_sleep_time", "smtpd_soft_error_limit", "smtpd_hard_error_limit", "smtpd_junk_command_limit", "smtpd_recipient_limit")


class Gate:
    """A port of loopback in front of a session's smtpd; who connects there has this address."""

    def __init__(self, session, address):
        self.session, self.address, self._held = session, address, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, dummy = self.listening.accept()
            except OSError:
                return
            try:
                self._hand_over(client)
            except OSError:
                pass  # smtpd is dead, and the client hears nothing
            client.close()

    def _hand_over(self, client):
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._held.append(stream)
        stream.connect(os.path.join(self.session.master.queue, "listen"))
        socket.send_fds(stream, [b"\0"], [client.fileno()])
        server = "2001:db8:25::25" if ":" in self.address else "192.0.2.25"
        stream.sendall(oracle.stubs.attributes(client_address=self.address, client_port=40000, server_address=server, server_port=25))

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        for one in (self.listening, *self._held):
            one.close()


def asked(session, address, **wish):
    """What the probe finds that comes from this address."""
    gate, found = Gate(session, address), []
    try:
        wish = Wish(**dict(WISH, host="127.0.0.1", port=gate.listening.getsockname()[1], source_address=None, timeout=20, **wish))
        asking = threading.Thread(target=lambda: found.append(probe(wish)))
        asking.start()
        while asking.is_alive():
            session.master.once(0.02)
    finally:
        gate.close()
    return found[0]


def sample(postfix, number):
    """The cases that a version is asked: those without a part that the probe cannot bring."""
    held = [case for case in cases() if case.holds_for(postfix.version) and not (case.peer or case.stub)]
    return held[number % EACH::EACH]


def fault(case, judged, session, directory):
    """(what came of it, what is wrong or None)."""
    foreign, witness = adversary.fresh(directory), judged.witness
    stranger = next(one for one in STRANGERS if not is_trusted(judged.listener, trust.Trust(), one))
    if judged.verdict == "open":
        if witness.xclient or witness.client_name not in (None, "unknown"):
            return "open by more than an address", None
        if not (witness.sender + witness.recipient).isascii():
            return "open by letters that the probe does not say", None
        found = asked(session, _client(witness, directory), helo=witness.helo or None, foreign_domain=foreign,
                      witnesses=[{"sender": witness.sender, "recipient": witness.recipient}])
        alone = asked(session, stranger, own_domains=["own.example"], foreign_domain=foreign)["verdict"]
        return "open, without its witness " + alone, None if found["verdict"] == "open" else "not found: %s %s" % (found["notes"], found["attempts"][:3])
    found = asked(session, stranger, own_domains=["own.example"], foreign_domain=foreign)
    taken = [one["recipient"] for one in found["attempts"] if one["outcome"] == "relayed"]
    relayed = [one for one in taken if judged.listener.resolver.resolve(one).class_ not in OWN_CLASSES]
    if taken and not relayed:
        return "closed, told open: every domain is its own", None  # what it accepts it keeps, and nobody outside can tell
    return "closed, told " + found["verdict"], "a false alarm: %s" % relayed if found["verdict"] == "open" else None


def _client(witness, directory):
    """The witness's address; another, where that is the server's own here, which has a name, and the files speak of who has none."""
    named = witness.client_address == oracle.HOST_ADDRESS and "unknown" in adversary.words_of(directory).lower()
    return STRANGERS[0] if named else witness.client_address


@pytest.mark.skipif(not oracle.world().isolated, reason="NOT TESTED: %s" % oracle.world().reason)
@pytest.mark.parametrize("number, postfix", [pytest.param(number, one, id=one.label) for number, one in enumerate(oracle.installations())])
def test_near_misses(number, postfix, tmp_path, capsys):
    tally, faults = collections.Counter(), []
    for place, case in enumerate(sample(postfix, number)):
        directory = str(tmp_path / str(place))
        os.mkdir(directory)
        tables_built(case, postfix, directory)
        judged = [one for one in agreement.judgements(directory, postfix, trust.Trust()) if one.service == case.service]
        if not judged or judged[0].verdict not in ("open", "closed") or judged[0].loopback:
            tally["neither open nor closed to strangers"] += 1
            continue
        with oracle.start(directory, case.service, postfix, peer="pass", keep=LIMITS) as session:
            session.ask(client_address=STRANGERS[0])
            session.hang_up()
            came, wrong = fault(case, judged[0], session, directory)
        tally[came] += 1
        if wrong:
            faults.append("%s: %s" % (case.id, wrong))
    with capsys.disabled():
        print("\nPostfix %s: %s" % (postfix.label, ", ".join("%d %s" % (count, name) for name, count in sorted(tally.items()))))
    assert not faults, "\n".join(faults)
    asked_ = sum(count for name, count in tally.items() if name.startswith(("open", "closed")))
    assert asked_ >= ENOUGH and {name.split()[0].strip(",") for name in tally} >= {"open", "closed"}
