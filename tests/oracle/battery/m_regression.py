# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Postfix's own tests of its restrictions and lists pin down, in our words, and when a default counts in a macro."""

from .form import BROKEN, DEAD, LATER, NO, YES, ask, case, main, recipient, relay

OWN = "user@own.example"
GUARD = ", reject_unauth_destination"


def nets(value, *before, **named):
    """main.cf text with this mynetworks and lines ahead of it."""
    return "".join(line + "\n" for line in before) + main(mynetworks=value, **named)


def asks(field, answers, **rest):
    """[(dialogue, answer), ...]: one for each value of a field, the recipient being one's own unless it is the field."""
    return [ask(answer, **dict(dict({"recipient": OWN}, **rest), **{field: value})) for value, answer in answers]


def hosts(name, value, *answers, **rest):
    """A case in which clients, each (host name or None, address, answer), ask to relay; value: mynetworks."""
    return case("regression/list, " + name, main(mynetworks=value, mynetworks_style="host"),
                *[ask(answer, client_name=host, client_address=address) for host, address, answer in answers], **rest)


# Which defaults a macro sees: those of the parameters that the daemon has read already.
ORDER = [
    case("regression/default of another program's parameter", nets("${smtp_helo_timeout?0.0.0.0/0}"), stranger=NO),
    case("regression/default of smtpd's own is not there for mynetworks", nets("${smtpd_banner?0.0.0.0/0}"), stranger=NO),
    case("regression/default that all programs read", nets("${myorigin?0.0.0.0/0}"), stranger=YES),
    case("regression/default that all programs read, a boolean", nets("${soft_bounce?0.0.0.0/0}"), stranger=YES),
    case("regression/mynetworks comes last of these", nets("${mynetworks_style?0.0.0.0/0}"), stranger=YES),
    case("regression/default by way of another", nets("${{$extra} == { x}?{0.0.0.0/0}}", "extra = $smtp_helo_name x"), stranger=YES),
    case("regression/name of the service", nets("${{$service_name} == {smtp}?{0.0.0.0/0}}", "service_name = other"), stranger=YES),
    case("regression/name of the program", nets("${{$process_name} == {smtpd}?{0.0.0.0/0}}"), stranger=YES),
    case("regression/name of the program, set", nets("${{$process_name} == {smtpd}?{0.0.0.0/0}}", "process_name = other"), before=(3, 12),
         stranger=NO),
    case("regression/config_directory as main.cf has it", nets("$config_directory", "config_directory = 0.0.0.0/0"), stranger=YES),
    case("regression/config_directory for files", nets("texthash:$config_directory/nets"), files={"nets": "203.0.113.9 x\n"}, stranger=YES),
    case("regression/config_directory elsewhere", nets("texthash:$config_directory/nets", "config_directory = /nowhere"),
         files={"nets": "203.0.113.9 x\n"}, stranger=BROKEN),
    case("regression/a list sees smtpd's numbers", relay("${unknown_client_reject_code?permit,} reject_unauth_destination"), stranger=DEAD),
    case("regression/a list sees earlier texts", relay("${smtpd_banner?permit,} reject_unauth_destination"), stranger=DEAD),
    case("regression/a list does not see later texts", relay("${smtpd_sasl_service?permit,} reject_unauth_destination"), stranger=NO),
    case("regression/a list does not see smtpd's booleans", relay("${smtpd_helo_required?permit,} reject_unauth_destination"), stranger=NO),
    case("regression/a class sees all of smtpd's", relay("mine" + GUARD, smtpd_restriction_classes="mine", mine="${smtpd_delay_reject?permit}"),
         stranger=YES),
    case("regression/a class does not see another program's", relay("mine" + GUARD, smtpd_restriction_classes="mine",
                                                                    mine="permit${smtp_helo_timeout?, reject}_mynetworks"), stranger=NO),
    # As postconf -d prints it, and as somebody keeps it in main.cf.
    case("regression/what smtpd takes as it stands, its filter", main(smtpd_expansion_filter="\\t\\40!\"#$%&'()*+,-./"), stranger=NO, local=YES, own=YES),
    case("regression/what smtpd takes as it stands, a reply", main(default_rbl_reply="$rbl_code ${"), stranger=NO, own=YES),
    case("regression/what smtpd takes as it stands, a footer", main(smtpd_reject_footer="$%"), stranger=NO, own=YES),
    case("regression/what smtpd takes as it stands, in a macro", main(smtpd_expansion_filter="$%", smtpd_banner="$smtpd_expansion_filter"),
         stranger=DEAD),
    case("regression/what smtpd takes as it stands, empty", main(smtpd_expansion_filter=""), stranger=DEAD),
    case("regression/what smtpd expands, its banner", main(smtpd_banner="$%"), stranger=DEAD),
    case("regression/what no smtpd reads", main(tlsproxy_service_name=""), stranger=NO, own=YES),
    case("regression/what no smtpd reads, a macro", main(tlsproxy_service_name="$%"), stranger=NO, own=YES),
    case("regression/what smtpd does not read yet", main(header_from_format="$%"), before=(3, 7), stranger=NO, own=YES),
    case("regression/what smtpd reads since 3.7", main(header_from_format="$%"), since=(3, 7), stranger=DEAD),
    case("regression/mydestination does not see myorigin", main(mydestination="$myorigin"), ask(NO, recipient="u@mx.own.example")),
    case("regression/mydestination sees mydomain", main(mydestination="$mydomain"), own=YES),
    case("regression/relay_domains sees myorigin", main(relay_domains="$myorigin"), ask(YES, recipient="u@mx.own.example")),
    case("regression/relay_domains sees mydestination", main(mydestination=None, relay_domains="$mydestination"),
         ask(YES, recipient="u@localhost.own.example"), own=NO),
    case("regression/relay_domains does not see trivial-rewrite's own", main(relay_domains="${append_dot_mydomain?elsewhere.example}"),
         stranger=NO),
    case("regression/alias domains see virtual_transport", main(virtual_alias_domains="${virtual_transport?elsewhere.example}",
                                                                virtual_alias_maps="static:u@own.example"), stranger=YES),
    case("regression/alias domains do not see what comes later", main(
        virtual_alias_domains="${empty_address_recipient?elsewhere.example}", virtual_alias_maps="static:u@own.example"), stranger=NO),
    case("regression/myhostname of a mydomain that is not set", main(myhostname="mail.$mydomain"), own=DEAD),
    case("regression/myhostname of a mydomain that is set", main(myhostname="mx.$mydomain", mydomain="own.example"), own=YES),
]

LISTS = [
    hosts("networks", "198.51.100.32/28", (None, "198.51.100.34", YES), (None, "198.51.100.48", NO)),
    hosts("mask too long", "198.51.100.0/98", (None, "198.51.100.1", BROKEN)),
    hosts("no network", "198.51.589.0/28", (None, "198.51.100.1", BROKEN)),
    hosts("no address", "198.51.989.1", (None, "198.51.100.1", NO)),
    hosts("bits beyond a mask of nothing", "9.0.0.0/0", (None, "198.51.100.1", BROKEN)),
    hosts("IPv6 bare is a table", "2001:db8:7:0:2d0:b7ff:fe88:77", (None, "2001:db8:7:0:2d0:b7ff:fe88:77", BROKEN)),
    hosts("IPv6 in brackets", "[2001:db8:7::77]", (None, "2001:db8:7::77", YES), (None, "2001:db8:7::78", NO)),
    hosts("IPv6 bits beyond the mask", "[2001:db8:7::77]/64", (None, "2001:db8:7::77", BROKEN)),
    hosts("IPv6 network", "[2001:db8:7::]/64", (None, "2001:db8:7::77", YES), (None, "2001:db8:70::77", NO)),
    hosts("IPv4 in brackets", "[198.51.100.7]", (None, "198.51.100.7", YES), (None, "198.51.100.8", NO)),
    hosts("first match", "!198.51.100.7, 198.51.100.0/27", (None, "198.51.100.7", NO), (None, "198.51.100.8", YES)),
    hosts("hexadecimal name", "be.be", ("x.x.example", "198.51.100.7", NO)),
    hosts("hexadecimal mask", "be/be", ("x.x.example", "198.51.100.7", BROKEN)),
    hosts("hexadecimal in brackets", "[be:be]", ("x.x.example", "198.51.100.7", NO), (None, "2001:db8::7", BROKEN)),
    hosts("table", "inline:{good.example=x}", ("good.example", "198.51.100.7", YES), ("bad.example", "198.51.100.7", NO)),
    hosts("table with !", "!inline:{good.example=x}", ("good.example", "198.51.100.7", NO), ("bad.example", "198.51.100.7", NO)),
    hosts("table with !!", "!!inline:{good.example=x}", ("good.example", "198.51.100.7", YES), ("bad.example", "198.51.100.7", NO)),
    hosts("table that fails", "fail:1", (None, "198.51.100.7", BROKEN)),
    hosts("table that fails with !", "!fail:1", (None, "198.51.100.7", BROKEN)),
    hosts("file that is not there", "/nowhere/nets", (None, "198.51.100.7", BROKEN)),
    hosts("file", "$config_directory/nets", ("one.example", "198.51.100.7", YES), ("two.example", "198.51.100.7", NO),
          ("three.example", "198.51.100.7", YES), ("four.example", "198.51.100.7", NO), files={"nets": "one.example !two.example three.example\n"}),
    hosts("file with !", "!$config_directory/nets", ("one.example", "198.51.100.7", NO), ("two.example", "198.51.100.7", YES),
          ("three.example", "198.51.100.7", NO), ("four.example", "198.51.100.7", NO), files={"nets": "one.example !two.example three.example\n"}),
    hosts("file with a comment behind", "$config_directory/nets", ("one.example", "198.51.100.7", YES), ("ones.example", "198.51.100.7", NO),
          files={"nets": "one.example three.example #two\n"}),
    hosts("file with an indented line", "$config_directory/nets", (None, "198.51.100.7", YES), files={"nets": "  198.51.100.7\n"}, before=(3, 8)),
    hosts("file with an indented first line since 3.8", "$config_directory/nets", (None, "198.51.100.7", NO), (None, "198.51.100.9", YES),
          files={"nets": " 198.51.100.7\n198.51.100.9\n"}, since=(3, 8)),
    hosts("file with a lone brace before 3.8", "$config_directory/nets", ("one.example", "198.51.100.7", YES),
          ("two.example", "198.51.100.7", BROKEN), files={"nets": "one.example inline:{\n    { two.example = yes}\n  }\n"}, before=(3, 8)),
    hosts("file with a table", "$config_directory/nets", *[(host, "198.51.100.7", answer) for host, answer in (
        ("one.example", YES), ("two.example", YES), ("three.example", YES), ("four.example", NO))], since=(3, 8),
          files={"nets": "one.example inline:{\n    { two.example = yes}\n  } three.example\n"}),
    hosts("file with a table with !", "$config_directory/nets", *[(host, "198.51.100.7", answer) for host, answer in (
        ("one.example", YES), ("two.example", NO), ("three.example", YES))], since=(3, 8),
          files={"nets": "one.example !inline:{\n    { two.example = yes}\n  } three.example\n"}),
]

ACCESS = """\
bad.example           554 no
friend.bad.example    OK
spammer@              554 no
spammer@good.example  OK
person@               OK
203.0.113             554 no
203.0.113.17          OK
203.0.113.19          REJECT
foe@this.example      554 no
dunno.example         dunno
foe.dunno.example     reject
198.51.100            dunno
198.51.100.11         REJECT
198.51                REJECT
no@dunno.example      REJECT
ok@dunno.example      OK
no@no.example         REJECT
ok@no.example         OK
no.example            REJECT
no@yes.example        REJECT
ok@yes.example        OK
yes.example           OK
<>                    550 no
"""
TABLE = "texthash:$config_directory/access"
WITH = {"access": ACCESS}
MAIL = (("no@dunno.example", NO), ("ok@dunno.example", YES), ("any@dunno.example", YES), ("spammer@dunno.example", YES), ("no@no.example", NO),
        ("ok@no.example", YES), ("any@no.example", NO), ("person@no.example", NO), ("no@yes.example", NO), ("ok@yes.example", YES),
        ("any@yes.example", YES), ("spammer@yes.example", YES), ("No@Dunno.Example", NO))
OPEN_RELAYS = "dunno.example, no.example, yes.example"

CHECKS = [
    case("regression/access, client", main(smtpd_client_restrictions="check_client_access " + TABLE),
         *[ask(answer, recipient=OWN, client_name=host, client_address=address) for host, address, answer in (
             ("any.bad.example", "192.0.2.123", NO), ("friend.bad.example", "192.0.2.123", YES), ("bad.example", "192.0.2.123", NO),
             ("x.other.example", "203.0.113.17", YES), ("x.other.example", "203.0.113.18", NO), ("foe.dunno.example", "203.0.113.17", NO),
             ("x.dunno.example", "203.0.113.17", YES), ("x.dunno.example", "203.0.113.19", YES), ("x.other.example", "203.0.113.19", NO),
             ("x.other.example", "198.51.100.11", NO), ("x.other.example", "198.51.100.55", YES), ("x.other.example", "198.51.44.33", NO))],
         files=WITH),
    case("regression/access, a bare table among client restrictions", main(smtpd_client_restrictions="permit_mynetworks, " + TABLE),
         ask(NO, client_name="any.bad.example", recipient=OWN), ask(YES, client_name="friend.bad.example", recipient=OWN), files=WITH),
    case("regression/access, helo", main(smtpd_helo_restrictions="check_helo_access " + TABLE), *asks("helo", (
        ("any.bad.example", NO), ("friend.bad.example", YES), ("bad.example", NO), ("foe.dunno.example", NO), ("x.dunno.example", YES),
        ("foe.dunmo.example", YES))), files=WITH),
    case("regression/access, sender", main(smtpd_sender_restrictions="check_sender_access " + TABLE, smtpd_null_access_lookup_key="<>"),
         *asks("sender", MAIL + (("", NO), ("spammer@any.example", NO), ("spammer@good.example", YES), ("foe@this.example", NO),
                                 ("Foe@this.example", NO), ("x@bad.example", NO), ("x@Bad.example", NO), ("x@any.bad.example", NO),
                                 ("x@friend.bad.example", YES))), files=WITH),
    case("regression/access, recipient", main(relay_domains=OPEN_RELAYS, smtpd_recipient_restrictions="check_recipient_access " + TABLE),
         *asks("recipient", MAIL), files=WITH),
    case("regression/access, recipient with an extension", main(
        relay_domains=OPEN_RELAYS, recipient_delimiter="+", smtpd_recipient_restrictions="check_recipient_access " + TABLE),
        *asks("recipient", (("no+x@dunno.example", NO), ("ok+x@dunno.example", YES), ("ok+x@no.example", YES), ("any+x@no.example", NO))), files=WITH),
    case("regression/access, helo and sender in the recipient list", recipient(
        "check_helo_access {0}, check_sender_access {0}{1}".format(TABLE, GUARD)),
        ask(NO, helo="bad.example", sender="x@good.example", recipient=OWN), ask(NO, sender="x@bad.example", recipient=OWN),
        ask(YES, sender="x@friend.bad.example"), ask(YES, sender="x@good.example", recipient=OWN), files=WITH),
    case("regression/access, a client's own table opens", recipient("check_client_access " + TABLE + GUARD),
         ask(YES, client_address="203.0.113.17"), ask(NO, client_address="192.0.2.123"), files=WITH),
    case("regression/access, action words and texts", main(smtpd_sender_restrictions="check_sender_access inline:{"
         "{a@x.example=reject text},{b@x.example=hold},{c@x.example=hold text},{d@x.example=dunno text},{e@x.example=filter},"
         "{f@x.example=filter text},{g@x.example=filter smtp:text}}"), *asks("sender", (
             ("a@x.example", NO), ("b@x.example", YES), ("c@x.example", YES), ("d@x.example", YES), ("e@x.example", YES), ("f@x.example", YES),
             ("g@x.example", YES)))),
]

NAMES = [
    case("regression/non-fqdn helo", main(smtpd_helo_restrictions="reject_non_fqdn_helo_hostname"), *asks("helo", (
        ("foo.bar.", YES), ("foo.bar", YES), ("foo", NO), ("7.8.9.1", NO), ("[7.8.9.1]", YES), ("[321.255.255.255]", NO), ("[0.255.255.255]", NO),
        ("[7.8.9.300]", NO), ("[7.8.9]", NO), ("[7.8.9.1.2]", NO), ("[7..8.9.1]", NO), ("[.7.8.9.1]", NO), ("[7.8.9.1.2.]", NO)))),
    case("regression/non-fqdn sender", main(smtpd_sender_restrictions="reject_non_fqdn_sender"), *asks("sender", (
        ("x@foo.bar.", YES), ("x@foo.bar", YES), ("x@foo", NO), ("x", NO), ("", YES)))),
    case("regression/non-fqdn recipient", main(relay_domains="foo.bar, foo", append_dot_mydomain="no", append_at_myorigin="no",
                                               smtpd_recipient_restrictions="reject_non_fqdn_recipient"), *asks("recipient", (
        ("x@foo.bar.", YES), ("x@foo.bar", YES), ("x@foo", NO)))),
    case("regression/invalid helo", main(smtpd_helo_restrictions="reject_invalid_helo_hostname"), *asks("helo", (
        ("7.8.9.1", YES), ("[7.8.9.1]", YES), ("[::]", NO), ("[ipv6:::]", YES), ("[ipv6::::]", NO), ("foo", YES), ("foo.", YES), ("-foo", NO),
        ("0.1.2.3", NO), ("0.0.0.0", YES), ("::1", YES), ("7.8.9", NO), ("a_b", YES)))),
    case("regression/naked address", main(smtpd_helo_restrictions="permit_naked_ip_address, reject_non_fqdn_helo_hostname"), *asks("helo", (
        ("7.8.9.1", YES), ("321.255.255.255", NO), ("0.255.255.255", NO), ("7.8.9.300", NO), ("7.8.9", NO), ("7.8.9.1.2", NO), ("7..8.9.1", NO),
        (".7.8.9.1", NO), ("7.8.9.1.2.", NO), ("::1", NO), ("[7.8.9.1]", YES), ("[7.8.9]", NO))), before=(3, 9)),
    case("regression/naked address opens", recipient("permit_naked_ip_address" + GUARD), ask(YES, helo="203.0.113.9"), stranger=NO, before=(3, 9)),
    case("regression/naked address has gone", recipient("permit_naked_ip_address" + GUARD), ask(BROKEN, helo="203.0.113.9"), since=(3, 9)),
    case("regression/check_relay_domains", recipient("check_relay_domains", relay_domains="relayed.example"), stranger=NO,
         own=YES, before=(3, 9)),
    case("regression/check_relay_domains has gone", recipient("check_relay_domains, reject", relay_domains="relayed.example"), stranger=BROKEN,
         since=(3, 9)),
    case("regression/permit_auth_destination", recipient("permit_auth_destination, reject", relay_domains="foo.example, bar.example"),
         ask(NO, recipient="u@foe.example"), ask(YES, recipient="u@foo.example")),
    case("regression/reject_unauth_destination", recipient("reject_unauth_destination, permit", relay_domains="foo.example, bar.example"),
         ask(NO, recipient="u@foe.example"), ask(YES, recipient="u@foo.example")),
    case("regression/defer in a helo list", main(smtpd_helo_restrictions="defer", defer_code="444"), own=LATER),
]

FAILURES = [
    case("regression/failing table, client", main(smtpd_client_restrictions="check_client_access fail:1"), own=BROKEN),
    case("regression/failing table, helo", main(smtpd_helo_restrictions="check_helo_access fail:1"), own=BROKEN),
    case("regression/failing table, sender", main(smtpd_sender_restrictions="check_sender_access fail:1"), own=BROKEN, null=BROKEN),
    case("regression/failing table, recipient", main(smtpd_recipient_restrictions="check_recipient_access fail:1"), own=BROKEN),
    case("regression/failing table, bare postmaster", main(smtpd_recipient_restrictions="check_recipient_access fail:1"),
         ask(YES, recipient="postmaster")),
    case("regression/failing mynetworks", main(mynetworks="fail:1"), own=BROKEN, stranger=BROKEN),
    case("regression/failing mynetworks that nobody asks for", relay("reject_unauth_destination", mynetworks="fail:1"), own=YES, stranger=NO),
    case("regression/failing mydestination", main(mydestination="fail:1"), own=BROKEN, stranger=BROKEN),
    case("regression/failing relay_domains", main(relay_domains="fail:1"), own=YES, stranger=BROKEN),
    case("regression/failing alias table", main(virtual_alias_maps="fail:1"), stranger=BROKEN),
]

CASES = ORDER + LISTS + CHECKS + NAMES + FAILURES
