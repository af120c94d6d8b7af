# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last value that counts as one thing and the first that counts as another: reply codes, depths, extensions, forms of addresses."""

from .form import BROKEN, DEAD, DROP, LATER, NO, YES, ask, case, main, recipient, relay

GUARD = "reject_unauth_destination"
OWN = "user@own.example"
BAD = "deny.oracle.example=127.0.0.x"


def edge(name, text, *asked, **rest):
    return case("edge/" + name, text, *asked, **rest)


def value(text, stranger, **rest):
    """A case whose relay list asks a table that says `text` of every recipient."""
    name = rest.pop("name", text)
    return edge("value, " + name, relay("check_recipient_access regexp:$config_directory/t, " + GUARD, **rest), stranger=stranger,
                files={"t": "/./ " + text + "\n"})


def nested(links, around):
    """main.cf text in which a table names a class, whose table names the next; the last permits. around: a class around them all, or not."""
    names = ["c%d" % number for number in range(links + 1)]
    lines = {one: "check_sender_access static:" + following for one, following in zip(names, names[1:])}
    lines.update({names[-1]: "permit", "outer": "c0"})
    return relay("%s, %s" % ("outer" if around else "c0", GUARD), smtpd_restriction_classes=" ".join(["outer", *names]), **lines)


def delimited(delimiters, key, *answers):
    """A case in which a recipient table has one user of another's domain; answers: (local part, answer)."""
    return edge("extension %s, %s" % (delimiters, key), relay("check_recipient_access inline:{%s@elsewhere.example=OK}, %s" % (key, GUARD),
                                                             recipient_delimiter=delimiters),
                *[ask(answer, recipient=local + "@elsewhere.example") for local, answer in answers])


def forms(name, *answers, **parameters):
    """A case in which a stranger writes to addresses of many forms."""
    return edge("form, " + name, main(**parameters), *[ask(answer, recipient=form) for form, answer in answers], isolated=True)


ANYONE = "check_sender_access static:OK, " + GUARD
SASL = {"smtpd_sasl_auth_enable": "yes"}
MAPS = {"local_recipient_maps": "inline:{user=x}", "virtual_mailbox_domains": "box.example", "virtual_mailbox_maps": "inline:{user@box.example=x}",
        "relay_domains": "relayed.example", "relay_recipient_maps": "inline:{user@relayed.example=x}", "virtual_alias_domains": "alias.example",
        "virtual_alias_maps": "inline:{user@alias.example=user@own.example}"}

CASES = [
    edge("reply code 399", relay("permit_mynetworks, reject", reject_code="399"), stranger=BROKEN, local=YES),
    edge("reply code 400", relay("permit_mynetworks, reject", reject_code="400"), stranger=LATER),
    edge("reply code 599", relay("permit_mynetworks, reject", reject_code="599"), stranger=NO),
    edge("reply code 600", relay("permit_mynetworks, reject", reject_code="600"), stranger=BROKEN),
    edge("reply code 600, warned of", relay("warn_if_reject reject, " + GUARD, reject_code="600"), stranger=NO, own=YES),
    edge("reply code 499 is no refusal that another defers", relay("defer_if_reject, reject", reject_code="499"), stranger=LATER),
    edge("reply code 500 is one", relay("defer_if_reject, reject", reject_code="500"), stranger=LATER, own=LATER),
    edge("reply code 500 of whom nobody knows", relay("defer_if_reject, permit_mynetworks, " + GUARD, local_recipient_maps="inline:{user=x}",
                                                     unknown_local_recipient_reject_code="500"), ask(LATER, recipient="nobody@own.example"), own=YES),
    edge("deferred in the relay list, refused in the next", main(
        smtpd_relay_restrictions="defer_if_reject, " + GUARD, smtpd_recipient_restrictions="reject"), own=LATER, since=(3, 6)),
    edge("deferred in the list before the last alone", main(
        smtpd_relay_restrictions=GUARD, smtpd_sender_restrictions="defer_if_reject", smtpd_recipient_restrictions="reject"), own=NO, stranger=NO),
    value("400 x", LATER), value("499 x", LATER), value("599 x", NO), value("45a x", BROKEN), value("4\u00b2\u00b2 x", BROKEN), value("350 x", BROKEN),
    value("451 4.3.5 Server configuration error", BROKEN), value("450 configuration", LATER), value("451 later", LATER),
    value("REJECT\tgo away", NO, name="a tab after the word"), value("550\tno", NO, name="a tab after the number"),
    value("DEFER", NO, name="DEFER with a code that refuses", access_map_defer_code="550"),
    edge("sleep for a number that is none", relay("permit_mynetworks, sleep 1\u00b2, " + GUARD), stranger=BROKEN, local=YES),
    edge("sleep for so long", relay("permit_mynetworks, sleep 0, sleep 00, " + GUARD), stranger=NO, own=YES),
    edge("a table in a class in a table, as deep as may be", nested(50, False), stranger=YES, own=YES),
    edge("a table in a class in a table, one deeper", nested(50, True), stranger=BROKEN, own=BROKEN),
    edge("DISCARD before there is a sender", main(smtpd_delay_reject="no", smtpd_client_restrictions="check_client_access static:DISCARD"),
         stranger=NO, own=YES),
    edge("DISCARD once there is one", main(smtpd_delay_reject="no", smtpd_sender_restrictions="check_sender_access static:DISCARD"),
         stranger=DROP, own=DROP),
    edge("DISCARD ahead of what refuses", relay("check_sender_access static:DISCARD, reject"), stranger=DROP),
    edge("DISCARD of whom nobody knows", relay("check_sender_access static:DISCARD, reject", local_recipient_maps="inline:{user=x}"),
         ask(DROP, recipient="nobody@own.example")),
    delimited("-", "list", ("list", YES), ("list-x", YES), ("list-request", NO), ("list-REQUEST", NO), ("owner-list", NO), ("list-requests", YES),
              ("-list", NO), ("list+x", NO)),
    delimited("-", "owner", ("owner-list", NO), ("owner", YES), ("ownerx-list", NO)),
    delimited("-", "mailer", ("mailer-daemon", NO), ("Mailer-Daemon", NO), ("mailer-daemons", YES)),
    delimited("-", "double", ("double-bounce", NO), ("double-bounces", YES)),
    delimited("-+", "a", ("a+b-c", YES), ("a-b+c", YES), ("ab", NO), ("+a", NO)),
    delimited("+-", "a", ("a+b-c", YES), ("a-b+c", YES)),
    delimited("+", "owner-a", ("owner-a+b", YES), ("owner-a", YES)),
    delimited("+-", "owner-a", ("owner-a+b", NO), ("owner-a", YES)),
    forms("a minus ahead", ("-user@own.example", NO), ("u-ser@own.example", YES), ("@own.example:-user@own.example", NO)),
    forms("a minus ahead, allowed", ("-user@own.example", YES), ("-user@elsewhere.example", NO), allow_min_user="yes"),
    forms("dots at the end", ("user@x.", YES), ("user@x..", NO), ("user@x", YES), ("user@.", NO), ("user@.x", NO), mydestination="x",
          append_dot_mydomain="no"),
    forms("numbers", ("user@203.0.113.90", NO), ("user@[203.0.113.90]", YES), ("user@[IPv6:2001:db8::1]", YES), ("user@[2001:db8::1]", NO),
          ("user@[203.0.113.90", YES), ("user@[203.0.113]", NO), smtpd_relay_restrictions=ANYONE),
    forms("numbers, resolved", ("user@203.0.113.90", YES), ("user@203.0.113", NO), resolve_numeric_domain="yes", smtpd_relay_restrictions=ANYONE),
    forms("no domain after the sign", ("user@", NO), mydestination="own.example, $myhostname"),
    forms("no domain after the sign, resolved", ("user@", YES), resolve_null_domain="yes", mydestination="own.example, $myhostname"),
    forms("no host of one's own after the sign, resolved", ("user@", NO), resolve_null_domain="yes"),
    forms("names without a dot", ("user@short", YES), ("user@short.", NO), ("user@[short]", NO), append_dot_mydomain="yes", mydomain="own.example",
          mydestination="short.own.example"),
    forms("routes within one's own", ("user%own.example@own.example", YES), ("own.example!user@own.example", YES), ('"user@own.example"@own.example', YES),
          ("user@own.example@own.example", YES), ('"a b"@own.example', YES), ('"a\\"b"@own.example', YES), ('"user%own.example"@own.example', YES),
          ('"own.example!user"@own.example', YES), ("@own.example:user@own.example", YES), ('""@own.example', YES)),
    forms("quotes kept within one's own", ('"user@own.example"@own.example', NO), ('"a@b"@elsewhere.example', NO), resolve_dequoted_address="no"),
    forms("a bang without the power to route", ("elsewhere.example!user@own.example", NO), ("own.example!user@own.example", NO), swap_bangpath="no"),
    forms("a percent without the power to route", ("user%own.example@own.example", NO), ("user%elsewhere.example@own.example", NO), allow_percent_hack="no"),
    forms("no origin appended", ("user", YES), ("own.example!user", YES), ("user%own.example", YES), ("elsewhere.example!user", NO),
          append_at_myorigin="no", myorigin="elsewhere.example", mydestination="own.example, $myhostname"),
    forms("an origin that is not one's own", ("user", NO), ('"a b"', NO), ("user%own.example", YES), myorigin="elsewhere.example"),
    forms("all of loopback", ("user@[127.0.0.1]", YES), ("user@[IPv6:::1]", YES), ("user@[192.0.2.25]", NO), inet_interfaces="loopback-only"),
    forms("localhost", ("user@[127.0.0.1]", YES), ("user@[127.0.0.2]", NO), inet_interfaces="127.0.0.1"),
    forms("one family of two", ("user@[127.0.0.1]", YES), ("user@[IPv6:::1]", NO), inet_protocols="ipv4"),
    forms("proxies", ("user@[198.51.100.7]", YES), ("user@[198.51.100.9]", YES), ("user@[198.51.100.8]", NO),
          proxy_interfaces="198.51.100.7, [198.51.100.9]"),
    edge("users of each class", main(**MAPS), *[ask(answer, recipient=one) for one, answer in (
        ("user@own.example", YES), ("x@own.example", NO), ("user@box.example", YES), ("x@box.example", NO), ("user@relayed.example", YES),
        ("x@relayed.example", NO), ("user@alias.example", YES), ("x@alias.example", NO), ("postmaster@own.example", YES),
        ("mailer-daemon@own.example", YES), ("double-bounce@own.example", YES), ("postmaster@box.example", NO), ("abuse@own.example", NO))]),
    edge("users of each class, as senders", main(smtpd_reject_unlisted_sender="yes", **MAPS), *[ask(answer, sender=one, recipient=OWN) for one, answer in (
        ("user@own.example", YES), ("x@own.example", NO), ("x@box.example", NO), ("x@relayed.example", NO), ("x@alias.example", NO),
        ("x@elsewhere.example", YES), ("", YES))]),
    edge("users of each class, by the restrictions' own words", main(
        smtpd_reject_unlisted_recipient="no", smtpd_sender_restrictions="reject_unlisted_sender", smtpd_recipient_restrictions="reject_unlisted_recipient",
        **MAPS), ask(NO, recipient="x@own.example"), ask(NO, recipient=OWN, sender="x@box.example"), ask(YES, recipient=OWN, sender="x@a.example"), own=YES),
    edge("users that no one asks for", main(receive_override_options="no_unknown_recipient_checks", smtpd_sender_restrictions="reject_unlisted_sender",
                                           smtpd_recipient_restrictions="reject_unlisted_recipient", **MAPS),
         ask(YES, recipient="x@own.example"), ask(YES, recipient="x@box.example", sender="x@own.example")),
    edge("users whom canonical tables know", main(canonical_maps="inline:{a@own.example=x}", recipient_canonical_maps="inline:{b@own.example=x}",
                                                  sender_canonical_maps="inline:{c@own.example=x}", smtpd_reject_unlisted_sender="yes", **MAPS),
         *[ask(answer, recipient="%s@own.example" % one) for one, answer in (("a", YES), ("b", YES), ("c", NO))],
         *[ask(answer, recipient=OWN, sender="%s@own.example" % one) for one, answer in (("a", YES), ("b", YES), ("c", YES), ("d", NO))]),
    edge("transports that turn away", main(
        transport_maps="inline:{own.example=retry:x, box.example=error:x, alias.example=error:x, relayed.example=smtp:x}", **MAPS),
        ask(LATER, recipient="x@own.example"), ask(NO, recipient="x@box.example"), ask(NO, recipient="x@alias.example"), ask(NO, recipient="x@relayed.example"),
        ask(YES, recipient="user@alias.example"), ask(YES, recipient="user@relayed.example")),
    edge("owners of senders", main(smtpd_sender_login_maps="inline:{boss@own.example=boss, @mine.example=me}",
                                   smtpd_sender_restrictions="reject_unauthenticated_sender_login_mismatch", **SASL),
         *[ask(answer, recipient=OWN, sender=one) for one, answer in (
             ("boss@own.example", NO), ("other@own.example", YES), ("x@mine.example", NO), ("x@sub.mine.example", YES), ("", YES))],
         ask(YES, recipient=OWN, sender="boss@own.example", login="boss"), ask(YES, recipient=OWN, sender="boss@own.example", login="other")),
    edge("owners of senders, where nobody logs in", main(smtpd_sender_login_maps="inline:{boss@own.example=boss}",
                                                         smtpd_sender_restrictions="reject_unauthenticated_sender_login_mismatch"),
         ask(YES, recipient=OWN, sender="boss@own.example")),
    edge("headers rewritten for those whom a table names", main(local_header_rewrite_clients="inline:{127.0.0.1=x}, fail:x"), local=YES, own=BROKEN),
    edge("headers rewritten for a stranger whom a table names", main(local_header_rewrite_clients="inline:{203.0.113.9=x}, fail:x"),
         ask(BROKEN, client_address="203.0.113.8", recipient="user@own.example"), own=YES, stranger=NO),
    edge("headers rewritten for mynetworks", main(local_header_rewrite_clients="permit_mynetworks, fail:x"), local=YES, own=BROKEN),
    edge("headers rewritten for mynetworks that fail", main(mynetworks="fail:x", local_header_rewrite_clients="permit_mynetworks",
                                                            smtpd_relay_restrictions=GUARD), own=BROKEN),
    edge("an address that is a route alone, in place of an empty one", main(empty_address_recipient="@own.example"), ask(BROKEN, recipient="@own.example"),
         own=YES),
    edge("a long way through one's own", main(), ask(YES, recipient="user" + "%own.example" * 15 + "@own.example"),
         ask(NO, recipient="user%elsewhere.example" + "%own.example" * 15 + "@own.example")),
    edge("HELO of blanks and signs", recipient("check_helo_access pcre:$config_directory/t, " + GUARD), ask(YES, helo='a<>()\\";@b'),
         ask(NO, helo="a?b"), files={"t": "/^a\\?{8}b$/ OK\n"}),
    edge("a policy of names, early", main(smtpd_delay_reject="no", smtpd_client_restrictions="permit_dnswl_client allow.oracle.example, reject"),
         stranger=NO, own=YES, isolated=True),
    edge("an allow list with a broken filter, early", main(smtpd_delay_reject="no", smtpd_client_restrictions="permit_dnswl_client " + BAD),
         stranger=DEAD, isolated=True, peer="pass"),
    edge("an allow list of names with a broken filter, early", main(smtpd_delay_reject="no", smtpd_client_restrictions="permit_rhswl_client " + BAD),
         stranger=NO, own=YES, named=DEAD, isolated=True, peer="pass"),
]
