# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form of a case, and the words in which the cases are written."""

import os
from typing import NamedTuple

YES, DROP, NO, LATER, BROKEN, DEAD = ANSWERS = ("accepted", "discarded", "refused", "deferred", "server error", "dead")

# One's own domain is own.example; every local part of it exists. Strangers come from 203.0.113.0/24.
BASE = {
    "compatibility_level": "3.6",
    "myhostname": "mx.own.example",
    "mydestination": "own.example",
    "local_recipient_maps": "",
    "alias_maps": "",
    "mynetworks": "127.0.0.0/8",
    "smtpd_relay_restrictions": "permit_mynetworks, reject_unauth_destination",
}
# The dialogues that most cases need, by name; fields are those of oracle.Dialogue.
NAMED = {
    "stranger": {},
    "stranger6": {"client_address": "2001:db8:bad::9"},
    "named": {"client_name": "client.example.net"},
    "local": {"client_address": "127.0.0.1", "client_name": "localhost"},
    "local6": {"client_address": "::1", "client_name": "localhost"},
    "login": {"login": "someone"},
    "own": {"recipient": "user@own.example"},
    "null": {"sender": ""},
}


class Case(NamedTuple):
    """One configuration and what is answered to it.

    id         "group/what it shows"
    main_cf    text of main.cf (str; bytes where it is no UTF-8)
    dialogues  tuple of (fields of an oracle.Dialogue, one of ANSWERS)
    master_cf  text of master.cf; None: there is none, the stock one counts
    service    the listener that is asked
    files      {name: text} beside main.cf, named as $config_directory/name there
    tables     ("hash:access", ...): files from which postmap(1) builds a table before Postfix starts
    peer       see oracle.start: None, "xclient", "pass", "haproxy"
    stub       {socket path: action of a policy server that listens there}
    since      first version it holds for, as (3, 9); before: the first it no longer holds for
    isolated   it needs the oracle's own interfaces or name server (oracle/world.py, oracle/names.py)
    """

    id: str
    main_cf: str
    dialogues: tuple
    master_cf: str = None
    service: str = "smtp"
    files: dict = {}  # never changed
    tables: tuple = ()
    peer: str = None
    stub: dict = {}  # never changed
    since: tuple = (0, 0)
    before: tuple = (99, 0)
    isolated: bool = False

    def holds_for(self, version):
        """Is it about this version, as (3, 7)?"""
        return self.since <= tuple(version) < self.before


def main(**parameters):
    """main.cf text: BASE with these parameters instead; None leaves one out."""
    merged = dict(BASE, **parameters)
    return "".join("%s = %s\n" % item for item in merged.items() if item[1] is not None)


def relay(text, **parameters):
    """main.cf text with this smtpd_relay_restrictions."""
    return main(smtpd_relay_restrictions=text, **parameters)


def recipient(text, **parameters):
    """main.cf text with no relay list and this smtpd_recipient_restrictions."""
    return main(smtpd_relay_restrictions="", smtpd_recipient_restrictions=text, **parameters)


def ask(expected, **fields):
    """A dialogue that NAMED has not."""
    return fields, expected


def case(name, text, *asked, **rest):
    """A Case; keywords that NAMED has are dialogues with their expected answer, the others fields of Case."""
    named = tuple((NAMED[key], rest.pop(key)) for key in list(rest) if key in NAMED)
    return Case(name, text, named + asked, **rest)


def write(case, directory):
    """Write a case's files into an existing directory; returns its path."""
    files = dict(case.files, **{"main.cf": case.main_cf})
    if case.master_cf is not None:
        files["master.cf"] = case.master_cf
    for name, text in files.items():
        with open(os.path.join(directory, name), "wb") as stream:
            stream.write(text if isinstance(text, bytes) else text.encode("utf-8"))
    return directory
