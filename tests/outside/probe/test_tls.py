# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe over TLS: the submission ports of a real Postfix, with a certificate that nobody has signed but itself."""

import subprocess

import pytest
from postfix_server import MASTER, SERVER
from probed import CLOSED, WISH

SUBMISSIONS = MASTER.replace("587       inet  n       -       n       -       -       smtpd\n", """\
587       inet  n       -       n       -       -       smtpd -o smtpd_tls_security_level=encrypt
465       inet  n       -       n       -       -       smtpd -o smtpd_tls_wrappermode=yes
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
""")
TLS = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /etc/postfix/pair.pem\n"
PORTS = [(465, "implicit"), (587, "starttls"), (25, "starttls")]
PAIR = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mx.example.com"]


@pytest.fixture
def pair(tmp_path):
    """A function (name in the certificate) -> the text of key and certificate, and the path of the certificate."""
    def made(name):
        files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "certificate.pem")]
        subprocess.run([*PAIR, "-addext", "subjectAltName=" + name, *files], check=True, capture_output=True)
        return (tmp_path / "key.pem").read_text() + (tmp_path / "certificate.pem").read_text(), str(tmp_path / "certificate.pem")
    return made


@pytest.mark.parametrize("port, tls", PORTS)
@pytest.mark.parametrize("main, verdict", [(CLOSED, "closed"), (CLOSED + "relay_domains = %s\n" % WISH["foreign_domain"], "open")])
def test_over_tls(mail, pair, main, verdict, port, tls):
    text, certificate = pair("IP:" + SERVER)
    mail.serve(main + TLS, SUBMISSIONS, **{"pair.pem": text})
    assert mail.probed(port=port, tls=tls)["verdict"] == verdict
    believed = mail.probed(port=port, tls=tls, validate_certs=True, env={"SSL_CERT_FILE": certificate})
    assert believed["verdict"] == verdict, believed["notes"]


@pytest.mark.parametrize("port, tls", PORTS)
@pytest.mark.parametrize("name, believed", [("IP:" + SERVER, False), ("IP:192.0.2.1", True)], ids=["unknown signer", "another's name"])
def test_a_certificate_that_does_not_verify(mail, pair, name, believed, port, tls):
    text, certificate = pair(name)
    mail.serve(CLOSED + TLS, SUBMISSIONS, **{"pair.pem": text})
    found = mail.probed(port=port, tls=tls, validate_certs=True, env={"SSL_CERT_FILE": certificate} if believed else {})
    assert found["verdict"] in ("unknown", "unreachable") and not found["attempts"]
    assert any("CERTIFICATE_VERIFY_FAILED" in note for note in found["notes"]), found["notes"]


def test_tls_where_there_is_none(mail):
    mail.serve()
    found = mail.probed(tls="starttls")
    assert found["verdict"] == "unknown" and not found["attempts"]
    assert any("STARTTLS" in note or "502" in note or "454" in note for note in found["notes"]), found["notes"]


def test_a_port_that_wants_tls_from_the_first(mail, pair):
    mail.serve(CLOSED + TLS, SUBMISSIONS, **{"pair.pem": pair("IP:" + SERVER)[0]})
    found = mail.probed(port=465, timeout=3)
    assert found["verdict"] == "unreachable" and found["seconds"] < 4
