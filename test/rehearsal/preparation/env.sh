# The folders of the rehearsal's engine, programs and images. Sourced, not run.
FOLDER=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
MODULES=$(readlink -f "$FOLDER/../../../tools/from-modules")
CACHE=${GROUNDWORK_REHEARSAL:-$HOME/.cache/groundwork-rehearsal}
export DOCKER_HOST=unix://$CACHE/docker.sock
export PATH="$CACHE/bin:$PATH"

# step TITLE COMMAND...: runs a command with its output in a log, which is printed if it fails.
step() {
  local title=$1 began=$SECONDS log=$CACHE/logs/${2##*/}.log
  shift
  mkdir -p "$CACHE/logs"
  if "$@" >"$log" 2>&1; then
    echo "  $title: $((SECONDS - began)) s"
  else
    tail -20 "$log"
    echo "$title failed. The whole log: $log" >&2
    return 1
  fi
}
