#!/usr/bin/env bash
# Makes the image that all others are built from: Debian, as its own packages install it.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

docker image inspect rehearsal/debian >/dev/null 2>&1 && exit
folder=$(mktemp -d "$CACHE/debian.XXXXXX")
trap 'rm -rf "$folder"' EXIT
debootstrap --variant=minbase --include=ca-certificates bookworm "$folder" http://deb.debian.org/debian
# A proxy that reads along has a certificate of its own, which this machine trusts already.
cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
tar --create --directory "$folder" . | docker import - rehearsal/debian
