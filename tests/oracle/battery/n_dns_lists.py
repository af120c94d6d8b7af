# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter behind the zone of a DNS list: smtpd dies of a wrong one, once the list is asked (ip_match.c, smtpd_check.c)."""

from .form import DEAD, NO, YES, ask, case, relay

GUARD = "reject_unauth_destination"
# filter -> whether smtpd takes it
FILTERS = {
    "127.0.0.2": True, "127.0.0.[2..11]": True, "127.0.[0;2].[1;3..9]": True, "[127.0.0.2]": True, "[1].[2].[3].[4]": True, "0127.0.0.002": True,
    "127.0.0.[2..2]": True, "": False, "127.0.0": False, "127.0.0.2.3": False, "127.0.0.256": False, "127.0.0.[11..2]": False, "127.0.0.[]": False,
    "127.0.0.[2": False, "127.0.0.x": False, "127.0.0.[2...9]": False, "127.0.0.2]": False, "=127.0.0.2": False, "[[127.0.0.2]]": False,
}
BAD = "deny.oracle.example=127.0.0.x"


def reached(name, text, *asked, **rest):
    return case("filter/" + name, relay("%s, %s" % (text, GUARD)), *asked, isolated=True, **rest)


CASES = [reached("\"%s\"" % text, "reject_rbl_client deny.oracle.example=" + text, ask(NO if good else DEAD, client_address="203.0.113.10"))
         for text, good in FILTERS.items()] + [
    reached("an address that no list has", "reject_rbl_client " + BAD, ask(DEAD, client_address="203.0.113.77")),
    reached("an IPv6 address", "reject_rbl_client " + BAD, stranger6=DEAD),
    reached("behind what permits", "permit_mynetworks, reject_rbl_client " + BAD, local=YES),
    reached("warn_if_reject saves nobody", "warn_if_reject reject_rbl_client " + BAD, stranger=DEAD),
    reached("a client without a name", "reject_rhsbl_client " + BAD, stranger=NO),
    reached("a client with a name", "reject_rhsbl_client " + BAD, named=DEAD),
    reached("a PTR name", "reject_rhsbl_reverse_client " + BAD, named=DEAD),
    reached("no PTR name", "reject_rhsbl_reverse_client " + BAD, stranger=NO),
    reached("a HELO name", "reject_rhsbl_helo " + BAD, stranger=DEAD),
    reached("a HELO in brackets", "reject_rhsbl_helo " + BAD, ask(NO, helo="[203.0.113.9]")),
    reached("a HELO that ends in a number", "reject_rhsbl_helo " + BAD, ask(NO, helo="host.9")),
    reached("a HELO that is no name", "reject_rhsbl_helo " + BAD, ask(NO, helo="a_b..c")),
    reached("no HELO", "reject_rhsbl_helo " + BAD, ask(NO, helo=None)),
    reached("a sender", "reject_rhsbl_sender " + BAD, stranger=DEAD),
    reached("the null sender", "reject_rhsbl_sender " + BAD, null=NO),
    reached("a sender at an address", "reject_rhsbl_sender " + BAD, ask(NO, sender="u@[203.0.113.9]")),
    reached("a recipient", "reject_rhsbl_recipient " + BAD, stranger=DEAD),
    reached("an allow list, another's domain", "permit_dnswl_client " + BAD, stranger=NO),
    reached("an allow list, one's own domain", "permit_dnswl_client " + BAD, own=DEAD),
    reached("an allow list of names, no name", "permit_rhswl_client " + BAD, own=YES),
    reached("an allow list of names, a name", "permit_rhswl_client " + BAD, ask(DEAD, client_name="client.example.net", recipient="user@own.example")),
]
