# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on a small fleet of configuration directories: judge, close in check mode, close for real, and rest.

Run by `make demo`. Needs neither root nor Postfix; nothing outside a scratch folder is touched.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PLAYBOOK = "relaylock.postfix.remediate"
ROUNDS = (("What a check would tell you (nothing is written)", ["--check", "--diff"]),
          ("The same for real", ["--diff"]),
          ("Once more: nothing is left to do", ["--diff"]))


def inventory(fleet):
    """Return the text of an inventory with one local host for each configuration directory in *fleet*."""
    lines = ["[all]"]
    for folder in sorted(path for path in fleet.iterdir() if path.is_dir()):
        lines.append("{0} relay_baseline_config_directory={1}".format(folder.name, folder))
    return "\n".join(lines + ["[all:vars]", "ansible_connection=local", "ansible_python_interpreter=" + sys.executable,
                              "relay_baseline_postfix_version=3.7", "relay_baseline_activate=false", ""])


def main():
    """Lay out the fleet, run the playbook three times, return its last status."""
    environment = dict(os.environ, ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback_plugins"), ANSIBLE_STDOUT_CALLBACK="glance",
                       ANSIBLE_DEPRECATION_WARNINGS="false", ANSIBLE_SYSTEM_WARNINGS="false", ANSIBLE_LOCALHOST_WARNING="false",
                       ANSIBLE_FORKS=str(os.cpu_count() or 2))
    command = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
    with tempfile.TemporaryDirectory(prefix="relaylock-demo-") as scratch:
        fleet = pathlib.Path(scratch) / "fleet"
        shutil.copytree(HERE / "fleet", fleet)
        hosts = pathlib.Path(scratch) / "hosts.ini"
        hosts.write_text(inventory(fleet), encoding="utf-8")
        for title, options in ROUNDS:
            print("\n===== {0}\n      ansible-playbook {1} {2}".format(title, PLAYBOOK, " ".join(options)), flush=True)
            status = subprocess.run([command, PLAYBOOK, "-i", str(hosts), *options], env=environment, check=False).returncode
            if status:
                return status
    print("\nThese were copies of examples/fleet. On your own hosts: ansible-playbook {0} -i INVENTORY --check --diff".format(PLAYBOOK))
    return 0


if __name__ == "__main__":
    sys.exit(main())
