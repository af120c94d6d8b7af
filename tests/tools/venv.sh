#!/bin/sh
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: venv.sh PYTHON FOLDER   Makes the contributor's environment, with pinned versions where this Python has been tested.
set -eu
python=$1
folder=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "venv.sh: $python is older than Python 3.10, which ansible-lint needs; name another: make PYTHON=python3.12 ..." >&2
    exit 1
}
"$python" -c 'import ensurepip, venv' 2>/dev/null || sh tests/tools/need.sh python3-venv

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
constraints=tests/constraints-$version.txt
[ -e "$constraints" ] || constraints=/dev/null

[ -x "$folder/bin/pip" ] || "$python" -m venv --clear "$folder"
"$folder/bin/pip" install -qq --disable-pip-version-check -r tests/requirements.txt -c "$constraints"
