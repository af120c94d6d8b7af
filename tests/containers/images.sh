#!/usr/bin/env bash
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes the container images that the tests run on, from Debian's packages and without a registry:
#
#     tests/containers/images.sh [bullseye] [bookworm] [trixie] [sid]      Postfix 3.5, 3.7, 3.10, the newest; default: the first three
#
# and prints one line "SUITE IMAGE" for each. An image that was made from the same recipe is used again. RELAYLOCK_IMAGE_BULLSEYE,
# RELAYLOCK_IMAGE_BOOKWORM and RELAYLOCK_IMAGE_TRIXIE name other images instead; those must hold what PACKAGES brings and what FINISH does.
# To throw the images away: podman image rm $(podman image ls --quiet localhost/relaylock)

# shellcheck disable=SC2016 # what is not expanded here is for another program to expand
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export CONTAINERS_CONF="${CONTAINERS_CONF:-$here/containers.conf}"

PACKAGES=python3,postfix,postfix-pcre,libsasl2-modules,sasl2-bin,dovecot-core,openssl,systemd-sysv,dbus

# Bytes that no test reads.
SLIM=(
    --dpkgopt='path-exclude=/usr/share/doc/*'
    --dpkgopt='path-exclude=/usr/share/man/*'
    --dpkgopt='path-exclude=/usr/share/locale/*'
)

# In the new root file system ($1): no package source, so that no mirror's name stays in the image; a mailbox to deliver to; and the one
# login, whose password is a secret to nobody. smtpd reads the password file as user postfix.
FINISH=(
    --customize-hook='rm -rf "$1"/etc/apt/sources.list* "$1"/var/cache/debconf/*-old'
    --customize-hook='chroot "$1" useradd --create-home mailbox'
    --customize-hook='printf let-me-in | chroot "$1" saslpasswd2 -p -c -u relaylock.example roaming'
    --customize-hook='chroot "$1" chown postfix /etc/sasldb2'
)

RECIPE=$(printf '%s\n' "$PACKAGES" "${SLIM[@]}" "${FINISH[@]}" | sha256sum | cut -c 1-12)

die() {
    echo "images.sh: $*" >&2
    exit 1
}

# The mirror that this machine's own apt uses for its release, whatever form its sources are written in.
mirror() {
    # shellcheck source=/dev/null
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" '
            $3 != "main" || $1 ~ /^cdrom:/ { next }
            $2 == release { print $1; found = 1; exit }
            first == "" && $2 !~ /-/ { first = $1 }
            END { if (!found && first != "") print first }'
}

# Every archive key that Debian ships: a machine's own release may be older or newer than the suite that is built.
keyrings() {
    local file
    for file in /usr/share/keyrings/debian-archive-*keyring*.{gpg,pgp} /usr/share/keyrings/debian-archive-removed-keys.{gpg,pgp}; do
        if [ -f "$file" ]; then echo "--keyring=$file"; fi
    done
}

build() {
    local suite=$1 image=$2 work=$3 proxy=
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    # shellcheck disable=SC2046 # one option a line, and no file name with blanks in it
    mmdebstrap --quiet --variant=minbase --include="$PACKAGES" "${SLIM[@]}" "${FINISH[@]}" $(keyrings) \
        --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Check-Valid-Until "false"' \
        ${proxy:+--aptopt="Acquire::http::Proxy \"$proxy\""} \
        "$suite" "$work/$suite.tar" "deb $(mirror) $suite main" >&2 &&
        podman import --quiet "$work/$suite.tar" "$image" >/dev/null
    rm -f "$work/$suite.tar"
}

build_missing() {
    local suite jobs=()
    [ $# -gt 0 ] || return 0
    # shellcheck source=/dev/null
    . /etc/os-release
    [ "$ID" = debian ] || die "images are built on Debian alone; name them in RELAYLOCK_IMAGE_${1^^} and so on"
    [ -n "$(mirror)" ] || die "apt knows no mirror to build from; name an image in RELAYLOCK_IMAGE_${1^^} and so on"
    work=$(mktemp -d) # global, for the trap
    trap 'rm -rf "$work"' EXIT
    for suite; do
        build "$suite" "localhost/relaylock:$suite-$RECIPE" "$work" &
        jobs+=($!)
    done
    for suite; do
        wait "${jobs[0]}" || die "$suite was not built; see above, or name an image in RELAYLOCK_IMAGE_${suite^^}"
        jobs=("${jobs[@]:1}")
    done
}

[ $# -gt 0 ] || set -- bullseye bookworm trixie
lines=() missing=()
for suite; do
    named=RELAYLOCK_IMAGE_${suite^^}
    image=${!named:-localhost/relaylock:$suite-$RECIPE}
    lines+=("$suite $image")
    [ -n "${!named:-}" ] || podman image exists "$image" || missing+=("$suite")
done
build_missing "${missing[@]}"
printf '%s\n' "${lines[@]}"
