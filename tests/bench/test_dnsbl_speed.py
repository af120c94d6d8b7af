# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ten blocklists take about fifty addresses, beside the slowest single answer."""

import ipaddress
import pathlib
import resource
import statistics
import sys
import threading
import time

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.zones import parse_zone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "outside/dnsbl"))

pytest.importorskip("dns", reason="NOT MEASURED: no dnspython here")
import dnsbl_servers  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import check, lookup  # noqa: E402

ZONES = ["zone{0}.test".format(number) for number in range(10)]
ADDRESSES = ["192.0.2.{0}".format(number) for number in range(1, 51)]
DELAY = 0.3  # seconds that every answer takes
TIMEOUT = 5.0
ROUNDS = 5
TIMES = 2.0  # as long as the slowest single answer, at most
POINT = b"\x012\x010\x010\x03127"


def a_list(listed):
    """What answers as a blocklist does that holds its test point and the addresses whose last octet is in *listed*.

    It works on bytes: a server that takes longer than its answers would be what is measured.
    """
    labels = tuple(bytes([len(text)]) + text.encode() + b"\x012\x010\x03192" for text in map(str, listed))

    def answer(wire):
        end = wire.index(b"\0", 12) + 5
        held = wire[12:end].startswith((POINT,) + labels)
        head = wire[:2] + (b"\x81\x80" if held else b"\x81\x83") + b"\0\x01" + (b"\0\x01" if held else b"\0\0") + b"\0\0\0\0"
        text = wire[end - 4:end - 2] == b"\0\x10"
        record = b"\xc0\x0c" + (b"\0\x10" if text else b"\0\x01") + b"\0\x01\0\0\0\x3c" + (b"\0\x05\x04spam" if text else b"\0\x04\x7f\0\0\x02")
        return head + wire[12:end] + (record if held else b"")
    return answer


class Fast(dnsbl_servers.Server):
    """A server that does not parse."""

    def _take(self, wire, client):
        now = time.monotonic()
        self.queries.append(now)
        self.late.append((now + self.delay, self.answer(wire), client))


def a_round(address, addresses, zones):
    """(seconds, processor seconds of this process, results) of one call."""
    start, spent = time.perf_counter(), time.process_time()
    found = check.check([ipaddress.ip_address(text) for text in addresses], [parse_zone(text) for text in zones], [address], TIMEOUT)
    return time.perf_counter() - start, time.process_time() - spent, found


@pytest.mark.parametrize("listed", [(), (7,)], ids=["all clean", "one listed by all zones"])
def test_ten_zones_fifty_addresses(listed, capsys):
    server = Fast(a_list(listed), DELAY)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        single = max(a_round(server.address, ADDRESSES[:1], ZONES[:1])[0] for dummy in range(ROUNDS))
        before = len(server.queries)
        rounds = [a_round(server.address, ADDRESSES, ZONES) for dummy in range(ROUNDS)]
        asked = (len(server.queries) - before) / ROUNDS
    finally:
        server.over = True
        thread.join()
        server.sock.close()
    for dummy, dummy_spent, found in rounds:
        assert {one["status"] for one in found if not one["address"].endswith(".7") or not listed} == {"clean"}
        assert [one["reasons"] for one in found if one["status"] == "listed"] == [["spam"]] * len(ZONES) * len(listed)
    taken = statistics.median(seconds for seconds, dummy, dummy_found in rounds)
    worst = max(seconds for seconds, dummy, dummy_found in rounds)
    with capsys.disabled():
        print("\n{0:.0f} questions: {1:.3f} s, at worst {2:.3f} s, {3:.3f} s of processor time with the server's; one address and zone: {4:.3f} s;"
              " {5} threads at most, {6:.0f} MiB".format(
                  asked, taken, worst, statistics.median(spent for dummy, spent, dummy_found in rounds), single, lookup.THREADS,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    # The reason of a listing is a second question, asked when the first is answered.
    answers = 2 if listed else 1
    assert worst < TIMES * answers * DELAY
    assert asked == (len(ADDRESSES) + 2 + len(listed)) * len(ZONES)  # nothing was lost and sent again
