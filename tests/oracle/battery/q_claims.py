# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a stranger may claim to be by XCLIENT: any address and name that a list lets in, private ones too, and any login (XCLIENT_README)."""

from .form import NO, YES, ask, case, relay

GUARD = "reject_unauth_destination"
PRIVATE = {"ADDR": "10.1.2.3"}
OURS = {"NAME": "host.own.example"}
SASL = {"smtpd_sasl_auth_enable": "yes"}


def claim(name, permits, expected, claims, files=None, **parameters):
    """A case with a stranger whom everything is believed."""
    text = relay("%s, %s" % (permits, GUARD), **dict({"smtpd_authorized_xclient_hosts": "0.0.0.0/0"}, **parameters))
    return case("claim/" + name, text, ask(expected, xclient=claims), stranger=NO, peer="pass", isolated=True, files=files or {})


CASES = [
    claim("a private address in a table", "check_client_access inline:{10.1.2.3=OK}", YES, PRIVATE),
    claim("a private network in a table", "check_client_access inline:{10.1=OK}", YES, PRIVATE),
    claim("a private network in a cidr table", "check_client_access cidr:$config_directory/t", YES, PRIVATE, {"t": "10.0.0.0/8 OK\n"}),
    claim("a host's name in a table", "check_client_access inline:{host.own.example=OK}", YES, OURS),
    claim("a domain in a table", "check_client_access inline:{own.example=OK}", YES, OURS),
    claim("a name that a pattern finds", "check_client_access pcre:$config_directory/t", YES, {"NAME": "gw.internal"}, {"t": "/\\.internal$/ OK\n"}),
    claim("a name in mynetworks", "permit_mynetworks", YES, OURS, mynetworks="host.own.example"),
    claim("a cidr table in mynetworks", "permit_mynetworks", YES, PRIVATE, {"t": "10.0.0.0/8 x\n"}, mynetworks="cidr:$config_directory/t"),
    claim("what mynetworks does not exclude", "permit_mynetworks", YES, {"ADDR": "10.0.1.1"}, mynetworks="!10.0.0.0/24, 10.0.0.0/8"),
    claim("what mynetworks excludes", "permit_mynetworks", NO, {"ADDR": "10.0.0.1"}, mynetworks="!10.0.0.0/8, 10.0.0.0/8"),
    claim("what a table does not turn away", "check_client_access inline:{10.0.0.0=REJECT}, permit_mynetworks", YES, PRIVATE, mynetworks="10.0.0.0/8"),
    claim("a login that a table knows", "check_sasl_access inline:{boss=OK}", YES, {"LOGIN": "boss"}, **SASL),
    claim("a login that a pattern finds", "check_sasl_access pcre:$config_directory/t", YES, {"LOGIN": "boss"}, {"t": "/^bo/ OK\n"}, **SASL),
    claim("an interface", "permit_inet_interfaces", NO, {"ADDR": "127.0.0.1"}, inet_interfaces="127.0.0.1"),
    claim("what only XFORWARD says", "permit_mynetworks", NO, {"ADDR": "127.0.0.1"}, smtpd_authorized_xclient_hosts="",
          smtpd_authorized_xforward_hosts="0.0.0.0/0"),
]
