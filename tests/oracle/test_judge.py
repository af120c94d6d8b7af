# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge against the real smtpd: every case of tests/fixtures/verdicts.py, and every shared configuration, before and after."""

import pathlib
import shutil
import sys

import agreement
import oracle
import pytest
import remedy

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fixtures"))
import verdicts  # noqa: E402

SHARED = ROOT.parent / "shared/configs"
MORE = 24  # dialogues of an adversary with each listener
SAMPLE = 12  # on versions other than the host's, each so manieth shared configuration


def write(directory, main, services):
    directory.mkdir()
    (directory / "main.cf").write_text(verdicts.HEAD + main)
    (directory / "master.cf").write_text(verdicts.MASTER + services)
    return directory


def test_cases(postfix, tmp_path):
    found = []
    for name, main, services, dummy in verdicts.CASES:
        found.extend(agreement.differences(write(tmp_path / name, main, services), postfix, MORE))
    assert found == []


@pytest.mark.parametrize("networks, verdict", [("127.0.0.0/8", "closed"), ("0.0.0.0/0", "open")])
def test_all_defaults_in_main_cf(postfix, tmp_path, networks, verdict):
    """main.cf holds what `postconf -d` prints, as some keep it: no line of that keeps us from the verdict."""
    defaults = postfix.tool("postconf", "-d", *(["-c", postfix.prefix + "/etc/postfix"] if postfix.prefix else [])).stdout
    (tmp_path / "main.cf").write_text("%s\n%smynetworks = %s\n" % (defaults, verdicts.HEAD, networks))
    (tmp_path / "master.cf").write_text(verdicts.MASTER)
    directory = oracle.localise(str(tmp_path), str(tmp_path / "here"), postfix)
    assert agreement.differences(directory, postfix, MORE) == []
    assert [one.verdict for one in agreement.judgements(directory, postfix, agreement.trust.Trust())] == [verdict]


@pytest.mark.parametrize("name, value, verdict", [
    ("smtpd_tls_security_level", "dane", "down"), ("smtpd_tls_security_level", "may encrypt", "down"), ("smtpd_tls_security_level", "halfdane", "down"),
    ("smtpd_tls_security_level", "", "closed"), ("smtpd_tls_security_level", "Encrypt", "closed"), ("smtpd_tls_security_level", "secure", "closed"),
    ("smtpd_tls_security_level", "verify", "closed"), ("smtpd_tls_security_level", "fingerprint", "closed"), ("smtpd_tls_security_level", "none", "closed"),
    ("notify_classes", "Resource", "down"), ("notify_classes", "resource, none", "down"), ("notify_classes", "", "closed"),
    ("notify_classes", "2bounce bounce data delay policy protocol, resource software", "closed"),
    ("smtpd_upstream_proxy_protocol", "HAproxy", "down"),
])
def test_words_that_the_oracle_sets_itself(postfix, tmp_path, monkeypatch, name, value, verdict):
    """smtpd dies of a word that it does not know: asked for once without the value that the oracle gives it to talk undisturbed."""
    for table in (oracle.settings.SMTPD, oracle.settings.NO_TLS, oracle.settings.XCLIENT):
        if name in table:
            monkeypatch.setitem(table, name, value)
    directory = str(write(tmp_path / "a", "%s = %s\n" % (name, value), ""))
    with oracle.start(directory, "smtp", postfix) as session:
        reply = session.ask_all([oracle.Dialogue(recipient="user@elsewhere.example")])[0]
    assert (reply.outcome == "dead") == (verdict == "down"), reply
    assert [one.verdict for one in agreement.judgements(directory, postfix, agreement.trust.Trust())] == [verdict]


def test_cases_after_the_plan(postfix, tmp_path):
    """Guarantees 1 to 4: closed, never wider, no one entitled cut off, and a second plan has nothing to do."""
    found = []
    for name, main, services, dummy in verdicts.CASES:
        found.extend("{0}: {1}".format(name, text) for text in remedy.faults(write(tmp_path / name, main, services), postfix, MORE))
    assert found == []


def shared(postfix):
    folders = sorted(path.parent for path in SHARED.glob("*/main.cf"))
    if not folders:
        pytest.skip("../shared/configs is not here: no real configuration was judged")
    return folders if postfix is oracle.installations()[0] else folders[::SAMPLE]


def test_shared_configurations(postfix, tmp_path):
    found = []
    for folder in shared(postfix):
        target = tmp_path / folder.name
        oracle.localise(str(folder), str(target), postfix)
        found.extend(agreement.differences(target, postfix, MORE))
        found.extend(remedy.faults(target, postfix, MORE))
        shutil.rmtree(str(target))
    assert found == []


def test_raw_values_are_those_of_postconf(tmp_path):
    postfix = oracle.installations()[0]
    compared = 0
    for folder in shared(postfix):
        answer = postfix.tool("postconf", "-c", str(folder), "-n")
        if answer.returncode != 0:
            continue
        main = MainCf((folder / "main.cf").read_bytes())
        for line in answer.stdout.decode("utf-8", "surrogateescape").splitlines() if isinstance(answer.stdout, bytes) \
                else answer.stdout.splitlines():
            name, equals, value = line.partition(" =")
            if equals and main.entry(name) is not None:
                assert " ".join(main.entry(name).text.split()) == " ".join(value.split()), (folder, name)
                compared += 1
    assert compared > 1000
