#!/usr/bin/env bash
# Installs a container engine from Debian's packages and starts it: on a socket of its own and with
# its own data, so that it meets no other engine of this machine.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

packages=(docker.io iptables debootstrap)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  # The package would start an engine on the default socket.
  policy=/usr/sbin/policy-rc.d
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && trap 'rm $policy' EXIT; }
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
fi

docker info >/dev/null 2>&1 && exit
mkdir -p "$CACHE"
cp "$FOLDER/runc.py" "$CACHE/"
device=$(ip route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p')
setsid dockerd --host "$DOCKER_HOST" --pidfile "$CACHE/docker.pid" \
  --data-root "$CACHE/docker" --exec-root "$CACHE/exec" --mtu "$(<"/sys/class/net/$device/mtu")" \
  --add-runtime limited="$CACHE/runc.py" --default-runtime limited \
  >"$CACHE/dockerd.log" 2>&1 </dev/null &
for _ in {1..60}; do
  docker info >/dev/null 2>&1 && exit
  sleep 0.5
done
tail -20 "$CACHE/dockerd.log"
exit 1
