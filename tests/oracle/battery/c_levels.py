# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""compatibility_level and the defaults that hang on it (postconf(5), COMPATIBILITY_README)."""

from .form import DEAD, LATER, NO, YES, ask, case, main

RCPT = "permit_mynetworks, reject_unauth_destination"
NEIGHBOUR = {"client_address": "192.0.2.77"}
OWN = {"client_address": "192.0.2.25"}


def level(value, **parameters):
    """main.cf text without a relay list of its own at this level."""
    return main(**dict({"compatibility_level": value, "smtpd_relay_restrictions": None}, **parameters))


CASES = [
    case("level/unset and no lists", level(None), stranger=DEAD),
    case("level/0 and no lists", level("0"), stranger=DEAD),
    case("level/1 and no lists", level("1"), stranger=LATER, local=YES),
    case("level/2 and no lists", level("2"), stranger=LATER, local=YES),
    case("level/3.6 and no lists", level("3.6"), stranger=LATER),
    case("level/unset, recipient list guards", level(None, smtpd_recipient_restrictions=RCPT), stranger=NO, local=YES),
    case("level/unset, recipient list permits", level(None, smtpd_recipient_restrictions="permit"), stranger=DEAD),
    case("level/1, recipient list permits", level("1", smtpd_recipient_restrictions="permit"), stranger=LATER),
    case("level/unset, relay list is set all the same", level(None, smtpd_relay_restrictions=RCPT), stranger=NO, local=YES),
    case("level/macro", level("$l", l="1"), stranger=LATER),
    case("level/empty", level(""), stranger=DEAD),
    case("level/a word", level("newest"), stranger=DEAD),
    case("level/higher than this Postfix knows", level("9999"), stranger=LATER, local=YES),
    case("level/1, relay domains are one's destinations and what is below", level("1", smtpd_relay_restrictions=RCPT),
         ask(YES, recipient="u@sub.own.example"), stranger=NO),
    case("level/2, relay domains are empty", level("2", smtpd_relay_restrictions=RCPT), ask(NO, recipient="u@sub.own.example")),
    case("level/1, parents do not match", level("1", smtpd_relay_restrictions=RCPT, parent_domain_matches_subdomains=""),
         ask(NO, recipient="u@sub.own.example")),
    case("level/0, a name without a dot is completed", level("0", smtpd_relay_restrictions=RCPT, mydomain="own.example",
                                                            mydestination="short.own.example"),
         ask(YES, recipient="u@short", client_address="127.0.0.1"), ask(YES, recipient="u@short")),
    case("level/order of the lists changes nothing, 3.5", level("2", smtpd_relay_restrictions=RCPT,
                                                               smtpd_recipient_restrictions="permit_mynetworks, defer"),
         stranger=LATER, local=YES),
    case("level/order of the lists changes the reply, 3.6", level("3.6", smtpd_relay_restrictions=RCPT,
                                                                 smtpd_recipient_restrictions="permit_mynetworks, defer"),
         stranger=NO, local=YES, since=(3, 6)),
    case("style/host", main(mynetworks=None, mynetworks_style="host"), ask(YES, **OWN), ask(NO, **NEIGHBOUR), local=YES,
         isolated=True),
    case("style/subnet", main(mynetworks=None, mynetworks_style="subnet"), ask(YES, **OWN), ask(YES, **NEIGHBOUR),
         ask(NO, client_address="192.0.3.1"), stranger=NO, isolated=True),
    case("style/subnet, IPv6", main(mynetworks=None, mynetworks_style="subnet"), ask(YES, client_address="2001:db8:25::99"),
         ask(NO, client_address="2001:db8:26::99"), isolated=True),
    case("style/class", main(mynetworks=None, mynetworks_style="class"), ask(YES, **NEIGHBOUR), ask(NO, client_address="192.0.3.1"),
         isolated=True),
    case("style/nonsense", main(mynetworks=None, mynetworks_style="hosts"), stranger=DEAD),
    case("style/default is subnet below level 2", level("1", mynetworks=None, smtpd_relay_restrictions=RCPT), ask(YES, **NEIGHBOUR),
         isolated=True),
    case("style/default is host from level 2 on", level("2", mynetworks=None, smtpd_relay_restrictions=RCPT), ask(NO, **NEIGHBOUR),
         isolated=True),
    case("style/only what inet_interfaces names", main(mynetworks=None, mynetworks_style="subnet", inet_interfaces="127.0.0.1"),
         ask(NO, **NEIGHBOUR), local=YES, isolated=True),
    case("style/only what inet_protocols names", main(mynetworks=None, mynetworks_style="subnet", inet_protocols="ipv4"),
         ask(NO, client_address="2001:db8:25::99"), ask(YES, **NEIGHBOUR), isolated=True),
    case("style/mynetworks wins", main(mynetworks_style="subnet"), ask(NO, **NEIGHBOUR), isolated=True),
    case("style/empty mynetworks wins", main(mynetworks="", mynetworks_style="subnet"), ask(NO, **NEIGHBOUR), local=NO, isolated=True),
]
