# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write down how the servers are at a stage of the story: `record.py STAGE`, with a JSON object of the servers on standard input.

The stages: created, checked, converged, and again for a second converge. The first waits until the servers are up, and forgets an earlier story.
"""

import json
import sys
import time

import lab

PATIENCE = 180  # seconds, on the busiest of machines


def wait_for(servers):
    """Wait until each server's own start has come to its end."""
    deadline = time.monotonic() + PATIENCE
    for name, server in servers.items():
        while not (lab.root(server) / "ready").exists():
            if time.monotonic() > deadline:
                sys.exit("%s does not start: see podman logs %s" % (name, server["container"]))
            time.sleep(0.1)


def main(stage):
    servers = json.load(sys.stdin)
    lab.STAGES.mkdir(exist_ok=True)
    if stage == "created":
        wait_for(servers)
        for path in lab.STAGES.iterdir():
            path.unlink()
    if stage == "converged" and (lab.STAGES / "converged.json").exists():
        stage = "again"
    for server in servers.values():
        server["stamp"] = lab.stamp(server)
    (lab.STAGES / (stage + ".json")).write_text(json.dumps(servers))


main(sys.argv[1])
