# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Postfix in namespaces of its own, and how it is probed from in there."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/integration"))
import postfix_server  # noqa: E402

REASON = postfix_server.unavailable()
# Run inside: the module's work, without Ansible around it.
ASK = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from ansible_collections.relaylock.postfix.plugins.module_utils._probe.probe import Wish, probe
began = time.monotonic()
found = probe(Wish(**json.loads(sys.argv[2])))
print(json.dumps(dict(found, seconds=time.monotonic() - began)))
"""
WISH = {"host": postfix_server.SERVER, "port": 25, "tls": "none", "validate_certs": False, "own_domains": [], "timeout": 60, "witnesses": [],
        "source_address": postfix_server.STRANGER, "foreign_domain": "elsewhere.example", "helo": None, "retry_greylisted": 0}
CLOSED = postfix_server.MAIN.replace(", 0.0.0.0/0", "") + "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"


class Mail(postfix_server.Server):
    """A real Postfix that a stranger probes."""

    def serve(self, main=CLOSED, master=postfix_server.MASTER, **files):
        """Start on these files."""
        for name, text in dict(files, **{"main.cf": main, "master.cf": master}).items():
            (self.config / name).write_text(text)
        self.start()

    def probed(self, env=(), **wish):
        """What a probe by a stranger finds; env: more of its environment."""
        told = self.run(*command(**wish), env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **dict(env)))
        try:
            return json.loads(told.stdout)
        except ValueError:
            raise RuntimeError(told.stdout)


def command(**wish):
    """The command that probes and prints what it finds; a wish is WISH but for what is given."""
    return [sys.executable, "-c", ASK, str(ROOT / ".build"), json.dumps(dict(WISH, **wish))]
