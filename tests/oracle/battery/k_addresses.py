# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Address forms that mean another destination than they show (trivial-rewrite(8), RFC 5321, nmap's smtp-open-relay)."""

from .form import NO, YES, ask, case, main

# As a stranger writes them. own.example is ours, elsewhere.example is not, 192.0.2.25 is our address.
FORMS = (
    "user@elsewhere.example", "user%elsewhere.example@own.example", "user%elsewhere.example@[192.0.2.25]", "elsewhere.example!user",
    "elsewhere.example!user@own.example", "elsewhere.example!user@[192.0.2.25]", "@own.example:user@elsewhere.example",
    "@[192.0.2.25]:user@elsewhere.example", "user@elsewhere.example@own.example", "user@elsewhere.example@[192.0.2.25]",
    '"user@elsewhere.example"@own.example', '"user@elsewhere.example"', '"user%elsewhere.example"', "user%elsewhere.example",
    "user@elsewhere.example.", "@own.example,@own.example:user@elsewhere.example", "own.example!elsewhere.example!user",
    '"user%elsewhere.example"@own.example', '"elsewhere.example!user"@own.example', "user%elsewhere.example%own.example",
)


def tricks(name, answers, own="own.example", **parameters):
    """A case in which a stranger tries every form; answers: one letter a form, y accepted, n refused.

    own  stands for own.example in the forms
    """
    words = {"y": YES, "n": NO}
    asked = [ask(words[letter], recipient=form.replace("own.example", own)) for form, letter in zip(FORMS, answers.replace(" ", ""))]
    return case("address/" + name, main(mydestination="own.example, mx.own.example", **parameters), *asked, isolated=True)


CASES = [
    tricks("defaults", "nnnnn nnnnn nnnnn nnnnn"),
    tricks("swap_bangpath off", "nnnnn nnnnn nnnnn nnnnn", swap_bangpath="no"),
    tricks("allow_percent_hack off", "nnnnn nnnnn nnnnn nnnnn", allow_percent_hack="no"),
    tricks("both off", "nnnnn nnnnn nnnnn nnnnn", swap_bangpath="no", allow_percent_hack="no"),
    tricks("resolve_dequoted_address off", "nnnnn nnnnn nnnnn nnnnn", resolve_dequoted_address="no"),
    tricks("append_at_myorigin off", "nnnnn nnnnn nnnnn nnnnn", append_at_myorigin="no"),
    tricks("append_dot_mydomain on", "nnnnn nnnnn nnnnn nnnnn", append_dot_mydomain="yes"),
    tricks("allow_untrusted_routing", "nnnnn nnnnn nnnnn nnnnn", allow_untrusted_routing="yes"),
    tricks("allow_untrusted_routing, percent hack off", "nyynn nnnnn nnyyn nnyny", allow_untrusted_routing="yes", allow_percent_hack="no"),
    tricks("allow_untrusted_routing, quotes kept", "nnnnn nnnyy ynnnn nnnnn", allow_untrusted_routing="yes", resolve_dequoted_address="no"),
    tricks("to a relay domain", "nnnnn nnnnn nnnnn nnnnn", "relayed.example", relay_domains="relayed.example"),
    tricks("to a relay domain, untrusted", "nynny nnnyn ynnnn nyyyy", "relayed.example", relay_domains="relayed.example",
           allow_untrusted_routing="yes"),
    tricks("to a relay domain, untrusted, percent hack and bangs off", "nyyyy ynnyn ynyyn nyyyy", "relayed.example",
           relay_domains="relayed.example", allow_untrusted_routing="yes", allow_percent_hack="no", swap_bangpath="no"),
    tricks("to a virtual domain", "nnnnn nnnnn nnnnn nnnnn", "virtual.example", virtual_mailbox_domains="virtual.example"),
    tricks("to a virtual domain, untrusted", "nynny nnnyn ynnnn nyyyy", "virtual.example", virtual_mailbox_domains="virtual.example",
           allow_untrusted_routing="yes"),
    tricks("to an alias domain, untrusted", "nynny nnnyn ynnnn nyyyy", "alias.example", virtual_alias_domains="alias.example",
           virtual_alias_maps="static:u@own.example", allow_untrusted_routing="yes"),
    case("address/percent hack to a relay domain", main(relay_domains="relayed.example"),
         ask(NO, recipient="user%elsewhere.example@relayed.example"), ask(YES, recipient="user@relayed.example")),
    case("address/percent hack to a relay domain, untrusted", main(relay_domains="relayed.example", allow_untrusted_routing="yes"),
         ask(YES, recipient="user%elsewhere.example@relayed.example")),
    case("address/percent hack within one's own", main(), ask(YES, recipient="user%own.example@own.example")),
    case("address/trusted clients may route", main(), ask(YES, recipient="user%elsewhere.example@own.example", client_address="127.0.0.1")),
    case("address/table permits a routed recipient", main(
        smtpd_relay_restrictions="check_recipient_access inline:{own.example=OK}, reject_unauth_destination"),
        ask(NO, recipient="user%elsewhere.example@own.example"), ask(NO, recipient="user@elsewhere.example@own.example"), own=YES),
    case("address/table permits a routed recipient, untrusted", main(
        smtpd_relay_restrictions="check_recipient_access inline:{own.example=OK}, reject_unauth_destination", allow_untrusted_routing="yes"),
        ask(NO, recipient="user@elsewhere.example@own.example"), own=YES),
    case("address/table permits another's domain by the local part", main(
        smtpd_relay_restrictions="check_recipient_access inline:{user@=OK}, reject_unauth_destination"),
        ask(YES, recipient="user%elsewhere.example@own.example"), stranger=YES),
    case("address/sender table and a routed recipient", main(
        smtpd_relay_restrictions="check_sender_access static:OK, reject_unauth_destination"),
        ask(YES, recipient="user%elsewhere.example@own.example"), stranger=YES),
    case("address/a null recipient", main(), ask(NO, recipient="")),
    case("address/no local part", main(), ask(NO, recipient="@elsewhere.example"), ask(YES, recipient="@own.example")),
    case("address/an empty domain", main(mydestination="own.example, mx.own.example"), ask(NO, recipient="user@")),
    case("address/two dots", main(), ask(NO, recipient="user@elsewhere..example"), ask(NO, recipient="user@own..example")),
    case("address/strict envelopes", main(strict_rfc821_envelopes="yes"), stranger=NO, own=YES),
    case("address/international recipient", main(compatibility_level="3.6", smtputf8_enable="yes"),
         ask(NO, recipient="us\u00e9r@elsewhere.example", mail_options="SMTPUTF8"), ask(YES, recipient="us\u00e9r@own.example", mail_options="SMTPUTF8")),
]
