# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe and servers that are not Postfix, side by side with nmap's script smtp-open-relay: no false alarm, and every relay is found."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "tests/outside"), str(ROOT / "tests/outside/probe")]
import kinds  # noqa: E402
import packages  # noqa: E402
import probed  # noqa: E402
import two_hosts  # noqa: E402

OWN = ["example.com"]
SCRIPT_ARGS = "smtp-open-relay.domain=%s" % probed.WISH["foreign_domain"]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    """Yields a function (kind's name, whether it is open) -> Hosts, which serve."""
    if probed.REASON:
        pytest.skip("NOT TESTED: " + probed.REASON)
    running = {}

    def serve(name, is_open):
        if (name, is_open) not in running:
            kind = kinds.KINDS[name]
            made = running[name, is_open] = two_hosts.Hosts(tmp_path_factory.mktemp(name), name, (*kind.packages, *kinds.BASE))
            made.write(kind.made_open() if is_open else kind.healthy())
            made.run("sh", "-ec", kind.prepare)
            made.serve(kind.start)
        return running[name, is_open]
    yield serve
    for made in running.values():
        made.stop()


def asked(made, **wish):
    """What the stranger's probe finds."""
    return json.loads(made.stranger(*probed.command(host=two_hosts.SERVER, source_address=None, **wish)))


def nmap(made):
    """(what nmap's script says, how many of its forms it calls open)."""
    root = packages.tree("nmap", ("nmap",))
    told = made.stranger(*packages.program(root, "/usr/bin/nmap"), "--datadir", root + "/usr/share/nmap", "-n", "-Pn", "-sT", "-p", "25",
                         "--script", "smtp-open-relay", "--script-args", SCRIPT_ARGS, two_hosts.SERVER)
    said = re.search(r"smtp-open-relay: (.*)", told)
    found = re.search(r"\((\d+)/\d+ tests\)", told)
    return said.group(1).strip() if said else "nothing", int(found.group(1)) if found else 0


@pytest.mark.parametrize("own", [[], OWN], ids=["", "own domains"])
@pytest.mark.parametrize("name", kinds.KINDS)
def test_a_healthy_server_is_no_alarm(hosts, name, own):
    found = asked(hosts(name, False), own_domains=own)
    assert found["verdict"] == "closed", found["notes"]
    assert "relayed" not in {one["outcome"] for one in found["attempts"]}


@pytest.mark.parametrize("name", kinds.KINDS)
def test_an_open_relay_is_found(hosts, name):
    found = asked(hosts(name, True), own_domains=OWN)
    assert found["verdict"] == "open", (found["notes"], found["transcript"])


@pytest.mark.parametrize("is_open", [False, True], ids=["healthy", "open"])
@pytest.mark.parametrize("name", kinds.KINDS)
def test_side_by_side_with_nmap(hosts, name, is_open, capsys):
    made = hosts(name, is_open)
    found = asked(made)
    said, forms = nmap(made)
    with capsys.disabled():
        print("\n%-10s %-8s relay_probe: %-7s in %4.1f s   nmap: %s" % (name, "open" if is_open else "healthy", found["verdict"], found["seconds"], said))
    assert found["verdict"] == ("open" if is_open else "closed")
    assert not is_open or forms > 0
