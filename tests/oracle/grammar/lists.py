# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restriction lists: what smtpd_*_restrictions and restriction classes hold."""

from hypothesis import strategies as st

from .choices import once_in, some, weighted, words
from .tables import TABLES

GUARDS = words("18* reject_unauth_destination", "3* defer_unauth_destination", "2* reject", "defer", "defer_if_permit", "REJECT_Unauth_Destination",
               "check_relay_domains", "mine")
PLAIN = words(
    "8* permit_mynetworks", "3* permit_sasl_authenticated", "2* reject_unauth_destination", "3* permit_auth_destination", "permit", "reject", "defer",
    "defer_if_permit", "defer_if_reject", "defer_unauth_destination", "reject_non_fqdn_sender", "reject_non_fqdn_recipient",
    "reject_non_fqdn_helo_hostname", "reject_invalid_helo_hostname", "reject_unauth_pipelining", "reject_unlisted_sender",
    "reject_unlisted_recipient", "reject_sender_login_mismatch", "reject_authenticated_sender_login_mismatch",
    "reject_unauthenticated_sender_login_mismatch", "reject_known_sender_login_mismatch", "permit_tls_clientcerts", "permit_tls_all_clientcerts",
    "permit_naked_ip_address", "check_relay_domains", "reject_plaintext_session", "reject_multi_recipient_bounce", "sleep 0",
    "reject_unknown_client_hostname", "reject_non_fqdn_hostname",
    "reject_invalid_hostname", "check_recipient_maps", "Permit_MyNetworks")
CLASSES = words("4* mine", "2* other", "third", "MINE")
JUNK = words("nonsense", "permit-mynetworks", "{ permit }", "permit_mynetworks=yes", "#", "check_sender_access", "sleep", "warn_if_reject",
             "check_client_access reject", "allow", "permit_dnswl_client", "check_sender_access permit_mynetworks", "\\", "reject_rbl_client")
DNS = words("permit_dnswl_client allow.oracle.example", "permit_rhswl_client rhsallow.oracle.example", "reject_rbl_client none.oracle.example",
            "reject_rhsbl_sender none.oracle.example", "reject_rhsbl_client none.oracle.example", "permit_mx_backup")
CHECKS = words("6* check_client_access", "6* check_sender_access", "4* check_helo_access", "5* check_recipient_access", "check_sasl_access",
               "check_ccert_access", "check_etrn_access", "check_reverse_client_hostname_access", "Check_Sender_Access")


@st.composite
def _check(draw):
    table = draw(TABLES)
    return table if once_in(draw, 9) else "%s %s" % (draw(CHECKS), table)


@st.composite
def _warned(draw):
    return "warn_if_reject " + draw(words("4* reject_unauth_destination", "reject", "permit_mynetworks", "warn_if_reject", "mine", "nonsense",
                                          "warn_if_reject reject_unauth_destination", "check_sender_access static:OK", "defer_if_permit",
                                          "check_client_access static:REJECT", "check_sender_access fail:x", "reject_non_fqdn_sender", "permit"))


ITEMS = weighted((16, PLAIN), (20, _check()), (3, CLASSES), (3, _warned()), (1, JUNK), (1, DNS))
JOINTS = words("8* COMMA", "BLANK", "COMMAS")
JOINT = {"COMMA": ", ", "BLANK": " ", "COMMAS": " ,, "}


@st.composite
def _guarded(draw):
    """What most relay lists look like: some permits, a guard, perhaps more."""
    head = draw(words("5* permit_mynetworks", "3* permit_mynetworks, permit_sasl_authenticated", "permit_sasl_authenticated", "permit_auth_destination",
                      "sleep 0"))
    found = draw(some(ITEMS, 3))
    found.insert(0 if once_in(draw, 2) else len(found), head)
    found.append(draw(GUARDS))
    if once_in(draw, 4):
        found += draw(some(ITEMS, 2))
    return JOINT[draw(JOINTS)].join(found)


@st.composite
def _free(draw):
    return JOINT[draw(JOINTS)].join(draw(some(ITEMS, 4)))


GUARDED, FREE = _guarded(), _free()
# The lists of the relay decision: nearly always with a guard, for else no smtpd starts.
RELAY = weighted((20, GUARDED), (1, FREE))
