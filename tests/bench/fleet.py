# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts to judge: typical ones, no two alike, each with tables of its own; and one with a table as long as you like."""

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf

VERSION = (3, 7)
MASTER = b"""\
smtp      inet  n       -       n       -       -       smtpd
rewrite   unix  -       -       n       -       -       trivial-rewrite
cleanup   unix  n       -       n       -       0       cleanup
"""
MAIN = """\
# Mail gateway {number}
compatibility_level = 3.6
myhostname = mx{number}.example.com
mydestination = $myhostname, localhost, site{number}.example.com
mynetworks = 127.0.0.0/8 [::1]/128 10.{octet}.0.0/16 198.18.{octet}.1
relay_domains = customer{number}.example, another{number}.example
smtpd_banner = $myhostname ESMTP
smtpd_helo_required = yes
smtpd_helo_restrictions = permit_mynetworks, check_helo_access pcre:{folder}/helo.pcre
smtpd_client_restrictions = check_client_access cidr:{folder}/clients.cidr
smtpd_sender_restrictions = check_sender_access {indexed}:{folder}/senders, reject_non_fqdn_sender
smtpd_relay_restrictions =
    permit_mynetworks,
    permit_sasl_authenticated,
    reject_unauth_destination
message_size_limit = 5{number}00000
"""
TABLES = {
    "helo.pcre": "# who says that he is us\n/^mx{number}\\.example\\.com$/ REJECT\n/^localhost$/ REJECT\n",
    "clients.cidr": "198.19.{octet}.0/24 REJECT\n198.51.{octet}.7 DUNNO\n198.51.{octet}.0/24 REJECT\n2001:db8:{number}::/48 REJECT\n",
    "senders": "spam{number}.example REJECT\nnoise@news{number}.example REJECT\nnews{number}.example DUNNO\n",
}


def write_typical(root, count, indexed="hash"):
    """Write *count* hosts below the folder *root* (a Path); *indexed*: type of the table of senders. Return their folders."""
    folders = []
    for number in range(count):
        folder = root / "host{0}".format(number)
        folder.mkdir()
        for name, text in TABLES.items():
            (folder / name).write_text(text.format(number=number, octet=number % 250))
        (folder / "main.cf").write_text(MAIN.format(number=number, octet=number % 250, folder=folder, indexed=indexed))
        (folder / "master.cf").write_bytes(MASTER)
        folders.append(folder)
    return folders


def read(folder):
    """Return the Configuration in *folder*."""
    files = Files()
    main, master = "{0}/main.cf".format(folder), "{0}/master.cf".format(folder)
    services = files.read(master)
    return Configuration(MainCf(files.read(main), main), services and MasterCf(services, master), VERSION, files)


def network(number):
    """Return the text of the *number*-th of many networks, none of which touches another."""
    return "{0}.{1}.{2}.0/24".format(20 + (number >> 15), (number >> 7) & 255, (number << 1) & 255)


def with_lines(folder, count, kind):
    """Return a Configuration with *count* lines in a table: *kind* is ``cidr table``, ``mynetworks file``, ``sender table``, ``client table``."""
    path = folder / "{0} {1}".format(kind, count).replace(" ", "_")
    form = {"cidr table": "{net} {answer}\n", "mynetworks file": "{net}\n", "sender table": "user{number}@d{number}.example {answer}\n",
            "client table": "{address} {answer}\n"}[kind]
    path.write_text("".join(form.format(net=network(number), address=network(number)[:-4] + "7", number=number,
                                        answer=("REJECT", "DUNNO", "450 later")[number % 3]) for number in range(count)))
    ask = {"cidr table": "check_client_access cidr:", "sender table": "check_sender_access texthash:", "client table": "check_client_access texthash:"}
    text = "compatibility_level = 3.6\nmynetworks = 127.0.0.0/8{0}\nsmtpd_relay_restrictions = {1}permit_mynetworks, reject_unauth_destination\n".format(
        ", {0}".format(path) if kind == "mynetworks file" else "", ask[kind] + str(path) + ", " if kind in ask else "")
    return Configuration(MainCf(text.encode()), MasterCf(MASTER), VERSION, Files())
