#!/bin/sh
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: need.sh PACKAGE...   Installs what is missing of these Debian packages, or says in one line what to install.
#
# No service starts by it: a policy-rc.d that denies is in place while apt runs, unless the machine has its own.
# Nothing is removed by it either: a machine with another mail server keeps it, and hears that Postfix cannot be had.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "need.sh: no Debian here; install the equivalent of these by hand: $*" >&2
    exit 1
fi

# Parts of the suite that run side by side may want the same.
exec 9<"$0"
flock 9

missing=
for package in "$@"; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || :)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "need.sh: not root; run first: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi

echo "need.sh: installing$missing"
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y"
log=$(mktemp)
# shellcheck disable=SC2086
if ! { $apt update && $apt install --no-install-recommends --no-remove $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    echo "need.sh: apt-get could not install:$missing" >&2
    exit 1
fi
rm -f "$log"

# Packages enable their service for the next boot; a machine that had no mail server shall not wake up with one.
case " $missing " in *' postfix '*) $as_root systemctl disable --quiet postfix 2>/dev/null || : ;; esac
