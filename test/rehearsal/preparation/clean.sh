#!/usr/bin/env bash
# Takes away the engine that engine.sh started, everything in it, and what was built. The packages
# of Debian and Go's caches stay.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

if docker info >/dev/null 2>&1; then
  docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
  docker network prune --force >/dev/null
  pid=$(<"$CACHE/docker.pid")
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
  # An engine leaves its bridge and its rules behind.
  ip link delete docker0
  iptables -P FORWARD ACCEPT
  iptables-save | grep -v DOCKER | iptables-restore
fi
rm -rf "$CACHE" "$FOLDER/../../../.groundwork/rehearsal"
echo "Removed: the container engine, its images and networks, and $CACHE"
