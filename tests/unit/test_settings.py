# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a parameter is for a service, where its value stands, and what is said of a wrong one (postconf(5), master(5))."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import STOCK_MASTER, UNKNOWN_HOST, Configuration, Host
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import make_listener

MASTER = b"smtp inet n - n - - smtpd\n  -o mynetworks=10.0.0.0/8\n587 inet n - n - - smtpd -o smtpd_helo_required=maybe\nqmgr unix n - n - - qmgr\n"
HOST = Host("mx.oracle.example", {"host": "127.0.0.1/32 192.0.2.25/32 [::1]/128", "subnet": "127.0.0.0/8 192.0.2.0/24 [::1]/128"},
            tuple(map(parse_address, ("127.0.0.1", "::1", "192.0.2.25"))), {})


def configuration(main="", master=MASTER, version=(3, 7), host=HOST, files=None):
    return Configuration(MainCf(main.encode(), "/etc/postfix/main.cf"), master and MasterCf(master, "/etc/postfix/master.cf"), version, files or Files(), host)


def settings(main="", service=None, **rest):
    subject = configuration(main, **rest)
    return subject.settings(None if service is None else [one for one in subject.master.services if one.name == service][0])


def test_where_a_value_stands():
    subject = settings("a = b\nmynetworks = 127.0.0.0/8\nmyorigin = x\n", "smtp")
    assert subject.origin("mynetworks")[1:3] == ("/etc/postfix/master.cf", 2) and subject.origin("mynetworks").option.name == "mynetworks"
    assert subject.origin("myorigin")[1:3] == ("/etc/postfix/main.cf", 3) and subject.origin("myorigin").option is None
    assert subject.origin("mydestination") is None
    assert [subject.value(name) for name in ("mynetworks", "myorigin", "no_such_parameter")] == ["10.0.0.0/8", "x", ""]
    assert settings("mynetworks = 127.0.0.0/8\n").value("mynetworks") == "127.0.0.0/8"


# As postconf -x has them: a name without a dot is completed, and mydomain is what follows the first dot.
@pytest.mark.parametrize("hostname, main, myhostname, mydomain", [
    ("mx.oracle.example", "", "mx.oracle.example", "oracle.example"), ("mx", "", "mx.localdomain", "localdomain"),
    ("mx", "mydomain = own.example\n", "mx.own.example", "own.example"), ("mx.oracle.example", "mydomain = own.example\n", "mx.oracle.example", "own.example"),
    ("mx", "myhostname = plain\n", "plain", "localdomain"), ("mx", "myhostname = a.b.c\n", "a.b.c", "b.c"), ("mx.", "", "mx.", "localdomain"),
])
def test_names_of_the_host(hostname, main, myhostname, mydomain):
    subject = settings(main, host=HOST._replace(hostname=hostname))
    assert (subject.value("myhostname"), subject.value("mydomain")) == (myhostname, mydomain)


@pytest.mark.parametrize("main, networks", [
    ("mynetworks_style = host\n", "127.0.0.1/32 192.0.2.25/32 [::1]/128"), ("mynetworks_style = subnet\n", "127.0.0.0/8 192.0.2.0/24 [::1]/128"),
    ("mynetworks_style = class\n", ""), ("mynetworks_style = subnet\ninet_interfaces = ALL\n", "127.0.0.0/8 192.0.2.0/24 [::1]/128"),
    ("mynetworks_style = subnet\ninet_interfaces = 127.0.0.1\n", "127.0.0.0/8"), ("mynetworks_style = host\ninet_interfaces = 192.0.2.25 [::1]\n",
                                                                                  "192.0.2.25/32 [::1]/128"),
    ("mynetworks_style = subnet\ninet_interfaces = loopback-only\n", "127.0.0.0/8 [::1]/128"),
    ("mynetworks_style = subnet\ninet_interfaces = loopback-only\ninet_protocols = ipv4\n", "127.0.0.0/8"),
    ("mynetworks_style = subnet\ninet_interfaces = localhost\ninet_protocols = ipv6\n", "[::1]/128"),
    ("mynetworks_style = host\ninet_interfaces = mail.example 192.0.2.25\n", "192.0.2.25/32"),
    ("mynetworks_style = host\ninet_interfaces = 127.0.0.1\nproxy_interfaces = 192.0.2.25\n", "127.0.0.1/32 192.0.2.25/32"),
])
def test_networks_of_the_host(main, networks):
    assert settings(main).value("mynetworks") == networks


@pytest.mark.parametrize("name, service, main, version, expected", [
    ("service_name", "smtp", "service_name = x\n", (3, 7), "smtp"), ("process_name", "smtp", "", (3, 7), "smtpd"), ("service_name", "587", "", (3, 12), "587"),
    ("process_name", "smtp", "process_name = x\n", (3, 11), "x"), ("process_name", "smtp", "process_name = x\n", (3, 12), "smtpd"),
    ("process_name", None, "process_name = x\n", (3, 12), "x"), ("config_directory", "smtp", "", (3, 7), "/etc/postfix"),
    ("config_directory", "smtp", "config_directory = /x\n", (3, 7), "/x")])
def test_names_of_the_daemon(name, service, main, version, expected):
    assert settings(main, service, version=version).value(name) == expected


def test_defaults_of_the_host_itself_go_before_those_of_the_version():
    assert settings(host=HOST._replace(defaults={"reject_code": "559"})).value("reject_code") == "559"
    assert settings(host=HOST._replace(defaults={"reject_code": "559"})).value("defer_code") == settings().value("defer_code") == "450"


@pytest.mark.parametrize("text, expected", [("own.example\n", "own.example"), ("\n\n  own.example  \nother\n", "own.example"), ("own.example", "own.example")])
def test_myorigin_in_a_file_of_its_own(tmp_path, text, expected):
    """Debian's Postfix: the first line that is not empty."""
    (tmp_path / "mailname").write_text(text)
    assert settings("myorigin = {0}\n".format(tmp_path / "mailname")).value("myorigin") == expected


@pytest.mark.parametrize("text", ["", "\n \n", "two words\n"])
def test_myorigin_in_a_file_that_holds_no_domain(tmp_path, text):
    (tmp_path / "mailname").write_text(text)
    with pytest.raises(ConfigError, match="must hold one domain") as caught:
        settings("a = b\nmyorigin = {0}\n".format(tmp_path / "mailname")).value("myorigin")
    assert (caught.value.file, caught.value.line, caught.value.parameter) == ("/etc/postfix/main.cf", 2, "myorigin")


def test_myorigin_in_a_file_that_is_not_there():
    """On the host itself an error, in a copy of its configuration a guess; and no other parameter is read from a file."""
    text = "myorigin = /no/such/file\nmynetworks = /no/such/file\n"
    assert settings(text).value("myorigin") == "mx.oracle.example"
    assert settings(text).value("mynetworks") == "/no/such/file"
    with pytest.raises(ConfigError, match="cannot open file.*Write the domain into that file"):
        settings(text, files=Files(compiled_needed=True)).value("myorigin")


@pytest.mark.parametrize("value, expected", [("yes", True), ("YES", True), ("no", False), ("No", False)])
def test_booleans(value, expected):
    assert settings("smtpd_helo_required = {0}\n".format(value)).flag("smtpd_helo_required") is expected


@pytest.mark.parametrize("service, place", [(None, ("/etc/postfix/main.cf", 1)), ("smtp", ("/etc/postfix/main.cf", 1)), ("587", ("/etc/postfix/master.cf", 3))])
def test_a_boolean_that_is_none_is_named_with_its_place(service, place):
    with pytest.raises(ConfigError, match="bad boolean") as caught:
        settings("smtpd_helo_required = 1\n", service).flag("smtpd_helo_required")
    assert (caught.value.file, caught.value.line, caught.value.parameter) == place + ("smtpd_helo_required",)


def test_a_boolean_that_nobody_set_has_no_place():
    with pytest.raises(ConfigError) as caught:
        settings(host=HOST._replace(defaults={"smtpd_helo_required": ""})).flag("smtpd_helo_required")
    assert (caught.value.file, caught.value.line) == (None, None)


def test_a_macro_that_nothing_survives_is_named_with_its_place():
    for name, place in (("a", ("/etc/postfix/main.cf", 2)), ("myhostname", (None, None))):
        with pytest.raises(ConfigError) as caught:
            settings("b = $a\na = ${x\n", host=HOST._replace(defaults={"myhostname": "$b"}, hostname="$b.x" if name != "a" else "x")).value(name)
        assert (caught.value.file, caught.value.line, caught.value.parameter) == place + (name,)


@pytest.mark.parametrize("version, dies", [((3, 5), True), ((3, 6), False), ((3, 11), False)])
def test_levels_are_compared_since_3_6(version, dies):
    subject = settings("a = ${{3.10} >level {3.9}?{b}}\nc = $a\n", version=version)
    for name in ("a", "c"):
        if dies:
            with pytest.raises(ConfigError, match="3.6"):
                subject.value(name)
        else:
            assert subject.value(name) == "b"


def test_words_as_they_are_written_and_what_they_stand_for():
    subject = settings("nets = 10.0.0.0/8, 10.1.0.0/16\nmynetworks = 127.0.0.0/8 $nets, ${none}\nrelay_domains =\n")
    assert subject.pieces("mynetworks") == [("127.0.0.0/8", ["127.0.0.0/8"]), ("$nets", ["10.0.0.0/8", "10.1.0.0/16"]), ("${none}", [])]
    assert subject.written("mynetworks") == ["127.0.0.0/8", "$nets", "${none}"]
    assert subject.pieces("relay_domains") == [] and subject.pieces("no_such_parameter") == []
    # A default is not the admin's to keep: it is written as it reads.
    assert settings("mydomain = own.example\n").pieces("mydestination") == [(one, [one]) for one in (
        "mx.oracle.example", "localhost.own.example", "localhost")]


@pytest.mark.parametrize("main, off", [
    ("", []), ("master_service_disable =\n", []), ("master_service_disable = inet\n", ["smtp", "587"]), ("master_service_disable = smtp/inet\n", ["smtp"]),
    ("master_service_disable = SMTP.INET\n", ["smtp"]), ("master_service_disable = smtp\n", []), ("master_service_disable = unix\n", []),
    ("master_service_disable = !smtp/inet, inet\n", ["587"]), ("master_service_disable = !!587/inet\n", ["587"]), ("master_service_disable = ${x\n", []),
    ("master_service_disable = inet, !smtp/inet\n", ["smtp", "587"]), ("master_service_disable = smtp/unix 587/inet\n", ["587"]),
])
def test_services_that_are_off(main, off):
    subject = configuration(main)
    assert [one.name for one in subject.services("smtpd")] == [one for one in ("smtp", "587") if one not in off]
    assert [one.name for one in subject.services("qmgr")] == (["qmgr"] if "unix" not in main or "smtp/unix" in main else [])


def test_services_by_the_last_name_of_their_command():
    subject = configuration(master=b"a inet n - n - - /usr/lib/postfix/smtpd\nb inet n - n - - xsmtpd\n1.2.3.4:25 inet n - n - - smtpd\n",
                            main="master_service_disable = 1.2.3.4:25.inet\n")
    assert [one.name for one in subject.services("smtpd")] == ["a"]
    assert configuration(master=None).services("smtpd") == []
    assert [(one.name, one.type) for one in STOCK_MASTER.services] == [("smtp", "inet")]


def test_other_documents_with_the_same_tables():
    before = configuration("mynetworks = 10.0.0.0/8\n")
    after = before.changed(main=MainCf(b"mynetworks = 11.0.0.0/8\n"))
    assert after.settings().value("mynetworks") == "11.0.0.0/8" and after.master is before.master and after.tables is before.tables
    third = before.changed(master=MasterCf(b"x inet n - n - - smtpd\n"))
    assert third.main is before.main and [one.name for one in third.services("smtpd")] == ["x"]
    assert before.settings() is before.settings() and before.settings(program="smtpd") is not before.settings()


@pytest.mark.parametrize("main, place", [("a = b\nsmtpd_restriction_classes = mine\n", ("/etc/postfix/main.cf", 2)),
                                         ("smtpd_restriction_classes = mine\nmine =\n", ("/etc/postfix/main.cf", 1))])
def test_a_class_without_a_text_is_named_with_its_place(main, place):
    with pytest.raises(ConfigError, match="`mine' needs a definition") as caught:
        settings(main).classes()
    assert (caught.value.file, caught.value.line, caught.value.parameter) == place + ("smtpd_restriction_classes",)
    assert settings("smtpd_restriction_classes = mine\nmine = reject\n").classes()["mine"] == "reject"
    assert "reject_sender_login_mismatch" in settings().classes()


@pytest.mark.parametrize("relay, recipients, expected", [
    ("permit_mynetworks", "permit_mynetworks, reject", True), ("permit_mynetworks, reject", "", True), ("permit_mynetworks", "permit_mynetworks", False),
    ("permit, reject", "", False), ("", "", False), ("mine", "reject", True), ("mine", "deep", True)])
def test_the_check_at_the_start_reads_two_lists(relay, recipients, expected):
    text = "smtpd_restriction_classes = mine deep\nmine = mine\ndeep = permit_mynetworks, deeper, reject\ndeeper = sleep 1\n" \
           "smtpd_sender_restrictions = reject\nsmtpd_relay_restrictions = {0}\nsmtpd_recipient_restrictions = {1}\n"
    assert settings(text.format(relay, recipients).replace("deep\n", "deep deeper\n", 1)).has_guard() is expected


def test_a_class_in_itself_ends_that_check():
    for text in ("mine", "sleep 1, mine", "other", "warn_if_reject reject, mine"):
        subject = settings("smtpd_restriction_classes = mine, other\nother = mine\nmine = {0}\nsmtpd_relay_restrictions = mine\n".format(text))
        with pytest.raises(ConfigError, match="contains itself"):
            subject.has_guard()


@pytest.mark.parametrize("value, expected", [("relay_domains", True), ("mynetworks", False), ("!relay_domains, static:x", False), ("static:x", True),
                                             ("", False), ("hash:/no/such/file", False), ("mysql:/no/such/file, relay_domains", False)])
def test_lists_that_match_subdomains(value, expected):
    subject = settings("parent_domain_matches_subdomains = {0}\n".format(value))
    assert subject.parents("relay_domains") is expected
    assert subject.match_list("relay_domains").parents is expected


# postconf(5): smtpd_tls_security_level overrules the older two.
@pytest.mark.parametrize("main, expected", [
    ("", False), ("smtpd_tls_security_level = may\n", True), ("smtpd_tls_security_level = ENCRYPT\n", True), ("smtpd_tls_security_level = none\n", False),
    ("smtpd_use_tls = yes\n", True), ("smtpd_enforce_tls = yes\n", True), ("smtpd_use_tls = no\n", False),
    ("smtpd_tls_security_level = none\nsmtpd_use_tls = yes\nsmtpd_enforce_tls = yes\n", False)])
def test_tls_that_is_offered(main, expected):
    subject = configuration(main, master=b"smtp inet n - n - - smtpd\n")
    assert make_listener(subject, subject.master.services[0]).tls is expected


def test_a_host_of_which_nothing_is_known_is_itself_alone():
    subject = settings(host=UNKNOWN_HOST, version=(3, 7), main="compatibility_level = 3.6\n")
    assert subject.value("mynetworks") == "127.0.0.1/32 [::1]/128"
    assert subject.value("myhostname") == "localhost.localdomain"
