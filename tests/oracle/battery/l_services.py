# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Overrides in master.cf (master(5)), on smtpd and on the rewrite service."""

from .form import BROKEN, DEAD, LATER, NO, YES, ask, case, main

REWRITE = "rewrite unix - - n - - trivial-rewrite"
SMTP = "smtp inet n - n - - smtpd"
OPEN = "smtpd_relay_restrictions=check_sender_access,static:OK,reject_unauth_destination"


def service(name, line, *asked, **rest):
    """A case whose master.cf has this smtpd line (and more lines after it)."""
    fields = rest.pop("parameters", {})
    rewrite = rest.pop("rewrite", REWRITE)
    text = "# services\n%s\n%s\n" % (line, rewrite)
    return case("override/" + name, main(**fields), *asked, master_cf=text, **rest)


def override(name, option, *asked, **rest):
    """A case whose smtpd has these options."""
    return service(name, SMTP + option, *asked, **rest)


SUBMISSION = ("submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n  -o smtpd_sasl_auth_enable=yes\n"
              "  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n")

CASES = [
    override("none", "", stranger=NO, local=YES, own=YES),
    override("-o name=value", " -o mynetworks=0.0.0.0/0", stranger=YES),
    override("-o on its own line", "\n  -o mynetworks=0.0.0.0/0", stranger=YES),
    override("-o at the end of one line, value on the next", " -o\n mynetworks=0.0.0.0/0", stranger=YES),
    override("-oname=value", " -omynetworks=0.0.0.0/0", stranger=YES),
    override("-o { name = value }", " -o { mynetworks = 0.0.0.0/0 }", stranger=YES),
    override("-o {name=value}", " -o {mynetworks=0.0.0.0/0}", stranger=YES),
    override("-o { name = two values }", " -o { mynetworks = 127.0.0.0/8 0.0.0.0/0 }", stranger=YES, local=YES),
    override("{-oname=value}", " {-omynetworks=0.0.0.0/0}", stranger=YES),
    override("-o{name=value}, which names another parameter", " -o{mynetworks=0.0.0.0/0}", stranger=NO, local=YES),
    override("-o{name=value}, over a wide one", " -o{mynetworks=127.0.0.0/8}", stranger=YES, parameters={"mynetworks": "0.0.0.0/0"}),
    override("-o{ name=value }", " -o{ mynetworks=0.0.0.0/0 }", stranger=DEAD),
    override("-o{ that is never closed", " -o{ mynetworks=0.0.0.0/0 x", stranger=DEAD),
    override("{-o { name=value }}", " {-o { mynetworks=0.0.0.0/0 }}", stranger=DEAD),
    override("-o { { name = value } }", " -o { { mynetworks = 0.0.0.0/0 } }", stranger=DEAD),
    override("-v ahead of -o in one word", " -vo mynetworks=0.0.0.0/0", stranger=YES),
    override("-v alone", " -v", stranger=NO, local=YES),
    override("last -o wins", " -o mynetworks=0.0.0.0/0 -o mynetworks=127.0.0.0/8", stranger=NO, local=YES),
    override("last -o wins, wide", " -o mynetworks=127.0.0.0/8 -o mynetworks=0.0.0.0/0", stranger=YES),
    override("comma in place of blanks", " -o mynetworks=127.0.0.0/8,0.0.0.0/0", stranger=YES),
    override("blank within a value is a stray word", " -o mynetworks=127.0.0.0/8, 0.0.0.0/0", stranger=DEAD),
    override("stray word ahead of -o", " x -o mynetworks=0.0.0.0/0", stranger=DEAD),
    override("commented out", "\n#  -o mynetworks=0.0.0.0/0", stranger=NO),
    override("comment between options", "\n  -o smtpd_banner=x\n# -o y=z\n  -o mynetworks=0.0.0.0/0", stranger=YES),
    override("blanks around the sign", " -o mynetworks = 0.0.0.0/0", stranger=DEAD),
    override("empty value", " -o smtpd_relay_restrictions=", stranger=DEAD),
    override("empty value, recipient list guards", " -o smtpd_relay_restrictions= -o smtpd_recipient_restrictions=permit_mynetworks,reject",
             stranger=NO, local=YES, own=NO),
    override("no sign", " -o mynetworks", stranger=DEAD),
    override("quotes", " -o 'mynetworks=0.0.0.0/0'", stranger=NO),
    override("macro in a value", " -o mynetworks=$wide", stranger=YES, parameters={"wide": "0.0.0.0/0"}),
    override("macro overridden", " -o nets=0.0.0.0/0", stranger=YES, parameters={"mynetworks": "$nets", "nets": "127.0.0.0/8"}),
    override("braces in a macro", " -o mynetworks=${wide?0.0.0.0/0}", stranger=YES, parameters={"wide": "x"}),
    override("braces with blanks in a macro", " -o mynetworks=${wide?{0.0.0.0/0}:{127.0.0.0/8}}", stranger=NO, local=YES),
    override("restriction list", " -o " + OPEN, stranger=YES),
    override("restriction list in braces", " -o { smtpd_relay_restrictions = check_sender_access static:OK, reject_unauth_destination }",
             stranger=YES),
    override("client list", " -o smtpd_client_restrictions=permit_mynetworks,reject", stranger=NO, local=YES, own=NO),
    override("delay_reject", " -o smtpd_delay_reject=no -o smtpd_client_restrictions=reject_unauth_destination -o " + OPEN, stranger=YES),
    override("allow_untrusted_routing", " -o allow_untrusted_routing=yes", ask(YES, recipient="u%elsewhere.example@relayed.example"),
             stranger=NO, parameters={"relay_domains": "relayed.example"}),
    override("relay_domains has no effect here", " -o relay_domains=elsewhere.example", stranger=NO),
    override("mydestination has no effect here", " -o mydestination=elsewhere.example", stranger=NO, own=YES),
    override("virtual_mailbox_domains has no effect here", " -o virtual_mailbox_domains=elsewhere.example", stranger=NO),
    override("bad boolean", " -o smtpd_helo_required=maybe", stranger=DEAD),
    override("bad number", " -o reject_code=no", stranger=DEAD),
    override("class defined here", " -o smtpd_restriction_classes=mine -o mine=permit_mynetworks,permit,reject -o smtpd_relay_restrictions=mine,reject",
             stranger=YES),
    override("compatibility_level", " -o compatibility_level=0", stranger=DEAD, parameters={"smtpd_relay_restrictions": None}),
    override("parent_domain_matches_subdomains", " -o parent_domain_matches_subdomains=", named=NO, parameters={"mynetworks": "example.net"}),
    service("rewrite: relay_domains", SMTP, stranger=YES, rewrite=REWRITE + " -o relay_domains=elsewhere.example"),
    service("rewrite: mydestination", SMTP, stranger=YES, own=NO, rewrite=REWRITE + " -o mydestination=elsewhere.example"),
    service("rewrite: relay_domains in braces", SMTP, stranger=YES, rewrite=REWRITE + "\n -o { relay_domains = static:x }"),
    service("rewrite: mynetworks has no effect here", SMTP, stranger=NO, rewrite=REWRITE + " -o mynetworks=0.0.0.0/0"),
    service("rewrite: lists have no effect here", SMTP, stranger=NO, rewrite=REWRITE + " -o " + OPEN),
    service("rewrite: parent domains", SMTP, ask(NO, recipient="u@sub.relayed.example"), stranger=NO,
            rewrite=REWRITE + " -o parent_domain_matches_subdomains=", parameters={"relay_domains": "relayed.example"}),
    service("rewrite: bad boolean", SMTP, stranger=DEAD, rewrite=REWRITE + " -o swap_bangpath=maybe"),
    service("another service's override does not count", SMTP + "\nsubmission inet n - n - - smtpd -o mynetworks=0.0.0.0/0", stranger=NO),
    service("the other service", SMTP + "\nsubmission inet n - n - - smtpd -o mynetworks=0.0.0.0/0", stranger=YES, service="submission"),
    service("submission as Debian has it", SUBMISSION, stranger=NO, login=YES, own=NO, service="submission"),
    service("a port by number", "587 inet n - n - - smtpd -o mynetworks=0.0.0.0/0", stranger=YES, service="587"),
    service("a port with an address", "127.0.0.1:10025 inet n - n - - smtpd -o mynetworks=127.0.0.0/8,0.0.0.0/0", stranger=YES,
            service="127.0.0.1:10025"),
    service("behind postscreen", "smtpd pass - - n - - smtpd -o mynetworks=0.0.0.0/0", stranger=YES, service="smtpd"),
    service("chroot", "smtp inet n - y - - smtpd", stranger=NO, local=YES),
    service("fields as dashes", "smtp inet n - - - - smtpd", stranger=NO, local=YES),
    service("tabs between fields", SMTP.replace(" ", "\t") + "\t-o\tmynetworks=0.0.0.0/0", stranger=YES),
    service("$service_name", SMTP + " -o mynetworks=$service_name", named=NO, stranger=NO),
    case("override/CRLF", main().replace("\n", "\r\n"), master_cf=(SMTP + "\n  -o mynetworks=0.0.0.0/0\n" + REWRITE + "\n").replace("\n", "\r\n"),
         stranger=YES),
    case("override/no master.cf", main(), stranger=NO, local=YES),
    case("override/too few fields", main(), master_cf="smtp inet n - n - smtpd\n", stranger=DEAD),
    case("override/brace not closed", main(), master_cf=SMTP + " -o { mynetworks = 0.0.0.0/0\n" + REWRITE + "\n", stranger=DEAD),
]
POLICY = "private/policy"


def policy(name, action, *asked, **rest):
    """A case with a policy server that answers this action; None: nobody answers there."""
    text = "check_policy_service %s, reject_unauth_destination" % rest.pop("endpoint", "unix:" + POLICY)
    fields = dict({"smtpd_policy_service_try_limit": "1", "smtpd_policy_service_retry_delay": "1"}, **rest.pop("parameters", {}))
    stub = {} if action is None else {POLICY: action}
    return case("policy/" + name, main(smtpd_relay_restrictions=text, **fields), *asked, stub=stub, **rest)


CASES += [
    policy("OK", "OK", stranger=YES, own=YES), policy("permit", "permit", stranger=YES), policy("250", "250", stranger=YES),
    policy("DUNNO", "DUNNO", stranger=NO, own=YES), policy("REJECT", "REJECT no", stranger=NO, own=NO),
    policy("defer_if_permit", "defer_if_permit later", stranger=NO, own=LATER), policy("nonsense", "nonsense", stranger=BROKEN),
    policy("prepend", "PREPEND X-A: b", stranger=NO, own=YES), policy("a list", "permit_mynetworks, reject", stranger=NO, local=YES, own=NO),
    policy("a class", "mine", stranger=YES, parameters={"smtpd_restriction_classes": "mine", "mine": "permit"}),
    policy("nobody answers", None, stranger=BROKEN, own=BROKEN),
    policy("nobody answers, permit by default", None, stranger=YES,
           parameters={"smtpd_policy_service_default_action": "permit"}),
    policy("nobody answers, OK by default", None, stranger=YES, parameters={"smtpd_policy_service_default_action": "OK"}),
    policy("nobody answers, DUNNO by default", None, stranger=NO, own=YES,
           parameters={"smtpd_policy_service_default_action": "DUNNO"}),
    policy("nobody answers, default in braces", None, stranger=YES,
           endpoint="{ unix:private/policy, default_action=permit, timeout=1s, try_limit=1 }"),
    policy("nobody answers, DUNNO in braces", None, stranger=NO, own=YES,
           endpoint="{ unix:private/policy, default_action=DUNNO, timeout=1s, try_limit=1 }"),
    policy("the default does not count where someone answers", "DUNNO", stranger=NO,
           parameters={"smtpd_policy_service_default_action": "permit"}),
    policy("braces and someone answers", "OK", stranger=YES, endpoint="{ unix:private/policy, timeout=10s, default_action=DUNNO }"),
    policy("no endpoint type", None, stranger=DEAD, endpoint="private/policy"),
    policy("unknown attribute in braces", None, stranger=DEAD, endpoint="{ unix:private/policy, nonsense=1 }"),
    policy("a bare policy endpoint is no restriction", None, stranger=NO,
           parameters={"smtpd_sender_restrictions": "permit"}, endpoint="{ unix:private/policy, default_action=DUNNO, try_limit=1 }"),
]
LOOPBACK = {"ADDR": "127.0.0.1", "NAME": "localhost"}
STRANGER = {"client_address": "203.0.113.9"}


def cheat(name, expected, claims, hosts, **rest):
    """A case with a stranger who says XCLIENT."""
    return case("xclient/" + name, main(smtpd_authorized_xclient_hosts=hosts, **rest.pop("parameters", {})),
                ask(expected, xclient=claims, **rest.pop("fields", {})), peer="pass", isolated=True, **rest)


def claimed(name, before, since, permits):
    """Two cases of a stranger who says that he has logged in where no one can, before Postfix 3.10 and since."""
    parameters = {"smtpd_relay_restrictions": permits + ", reject_unauth_destination", "smtpd_sender_login_maps": "inline:{sender@example.net=other}"}
    return [cheat("a login where nobody can log in %s, %s" % (name, when), expected, {"LOGIN": "boss"}, "0.0.0.0/0", parameters=dict(parameters), **versions)
            for when, expected, versions in (("until 3.9", before, {"before": (3, 10)}), ("since 3.10", since, {"since": (3, 10)}))]


CASES += [
    cheat("nobody may", NO, LOOPBACK, ""), cheat("loopback may", NO, LOOPBACK, "127.0.0.0/8"),
    cheat("everyone may", YES, LOOPBACK, "0.0.0.0/0"), cheat("everyone may, static", YES, LOOPBACK, "static:all"),
    cheat("the stranger's net may", YES, LOOPBACK, "203.0.113.0/24"), cheat("$mynetworks may", NO, LOOPBACK, "$mynetworks"),
    cheat("unknown clients may", YES, LOOPBACK, "unknown"), cheat("a missing file", BROKEN, LOOPBACK, "$config_directory/no"),
    cheat("the name of the cheat", YES, LOOPBACK, "client.example.net", fields={"client_name": "client.example.net"}),
    cheat("its domain does not match", NO, LOOPBACK, "example.net", fields={"client_name": "client.example.net"}),
    cheat("its domain with a dot", YES, LOOPBACK, ".example.net", fields={"client_name": "client.example.net"}),
    cheat("a login", YES, {"LOGIN": "boss"}, "0.0.0.0/0", parameters={
        "smtpd_sasl_auth_enable": "yes", "smtpd_relay_restrictions": "permit_sasl_authenticated, reject_unauth_destination"}),
    # smtpd believes it although no one can log in (permit_sasl_auth in smtpd_check.c; xclient_cmd asked about it before 3.10).
    *claimed("permits", NO, YES, "permit_sasl_authenticated"), *claimed("by name", NO, NO, "check_sasl_access inline:{boss=OK}"),
    *claimed("is not held against the sender", NO, YES, "reject_authenticated_sender_login_mismatch, permit_sasl_authenticated"),
    *claimed("is not held against the sender, whoever he is", NO, YES, "reject_sender_login_mismatch, permit_sasl_authenticated"),
    *claimed("is one for unauthenticated senders", NO, YES, "reject_unauthenticated_sender_login_mismatch, permit_sasl_authenticated"),
    *claimed("is one where only those are refused who are known", NO, YES, "reject_known_sender_login_mismatch, permit_sasl_authenticated"),
    cheat("a name", YES, {"NAME": "boss.own.example"}, "0.0.0.0/0", parameters={"mynetworks": "own.example"}),
    case("haproxy/the client names its own address", main(smtpd_upstream_proxy_protocol="haproxy"),
         ask(YES, client_address="127.0.0.1"), ask(NO, client_address="203.0.113.9"), peer="haproxy", isolated=True),
    case("haproxy/behind postscreen it does not count", main(smtpd_upstream_proxy_protocol="haproxy"), ask(NO), peer="pass", isolated=True),
    case("haproxy/unknown protocol", main(smtpd_upstream_proxy_protocol="none"), ask(DEAD), peer="haproxy"),
]
