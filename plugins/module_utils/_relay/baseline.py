# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wanted state, as data."""

GUARD = "reject_unauth_destination"
GUARDS = ("reject_unauth_destination", "defer_unauth_destination", "reject", "defer")

# The lists as they should stand where nothing local is kept; those of the hardened profile come on top.
GUARD_LIST = ["permit_mynetworks", "permit_sasl_authenticated", GUARD]
LISTS = {
    "guard": {"smtpd_relay_restrictions": GUARD_LIST, "smtpd_recipient_restrictions": GUARD_LIST},
    "hardened": {
        "smtpd_sender_restrictions": ["reject_unknown_sender_domain", "permit_sasl_authenticated", "permit_mynetworks"],
        "smtpd_client_restrictions": ["permit_mynetworks", "permit_sasl_authenticated"],
    },
}
LOOPBACK_NETWORKS = ["127.0.0.0/8", "[::ffff:127.0.0.0]/104", "[::1]/128"]
# DNS lists answer 127.0.0.2 to .11 for a listing; anything else (127.255.255.x) is an error of the query, no listing.
DNSBL_LISTED = "127.0.0.[2..11]"
SASL = [("smtpd_sasl_auth_enable", "yes"), ("smtpd_sasl_security_options", "noanonymous"), ("smtpd_tls_auth_only", "yes")]
# Restrictions that say who is entitled; a guard put in a list keeps those that the listener has.
ENTITLING = ("permit_mynetworks", "permit_sasl_authenticated", "permit_tls_clientcerts", "permit_tls_all_clientcerts",
             "permit_inet_interfaces")
