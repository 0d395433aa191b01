#!/usr/bin/env bash
# Makes the images that kind and the project would pull, under the names that they ask for.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

export DOCKER_BUILDKIT=0 # what no machine has to install
KUBERNETES=$(<"$CACHE/kubernetes")
NODE=kindest/node:$KUBERNETES
kind=$(go list -m -f '{{.Dir}}' "sigs.k8s.io/kind@$("$CACHE/programs/kind" version | grep -o 'v[0-9.]*')")

build() { # NAME DOCKERFILE CONTEXT
  docker build --quiet --tag "$1" --file "$FOLDER/$2" "$3"
}

# entry NAME COMMAND: the Kubernetes image under another name, with a command of its own.
entry() {
  printf 'FROM rehearsal/kubernetes\nCOPY kindnetd.py /\nENTRYPOINT %s\n' "$2" \
    | docker build --quiet --tag "$1" --file - "$FOLDER"
}

build python:3.12-slim Dockerfile.python "$FOLDER"
build registry:2 Dockerfile.registry "$FOLDER"
build rehearsal/node-base Dockerfile.node "$kind/images/base"
build rehearsal/kubernetes Dockerfile.kubernetes "$CACHE/programs"

mapfile -t images < <("$CACHE/programs/kubeadm" config images list --kubernetes-version "$KUBERNETES")
network=$(sed -n 's/^const kindnetdImage = "\(.*\)"/\1/p' "$kind/pkg/build/nodeimage/const_cni.go")
for image in "${images[@]}" "$network"; do
  case $image in
    */coredns:*) entry "$image" '["coredns"]' ;;
    */pause:*) entry "$image" '["sleep", "infinity"]' ;;
    */kindnetd:*) entry "$image" '["python3", "-u", "/kindnetd.py"]' ;;
    *) docker tag rehearsal/kubernetes "$image" ;;
  esac
done

# The rest is what `kind build node-image` does.
marks=$(cat "$FOLDER"/{Dockerfile.*,images.sh,kindnetd.py} "$CACHE/kubernetes" | sha256sum | cut -c1-64)
[ "$(docker image inspect --format '{{index .Config.Labels "made-from"}}' "$NODE" 2>/dev/null)" != "$marks" ] || exit 0
container=$(docker run --detach --privileged --entrypoint sleep rehearsal/node-base infinity)
trap 'docker rm --force "$container"' EXIT
in_node() { docker exec --interactive "$container" "$@"; }

for program in kubelet kubeadm kube; do
  docker cp "$CACHE/programs/$program" "$container:/usr/bin/$program"
done
in_node bash -euc "ln -s kube /usr/bin/kubectl; mkdir -p /kind/manifests; echo -n $KUBERNETES >/kind/version"
sed -n '/^const defaultCNIManifest/,/^`/p' "$kind/pkg/build/nodeimage/const_cni.go" \
  | sed -e '1d' -e '/^`/d' -e "s|\` + kindnetdImage + \`|$network|" \
  | in_node cp /dev/stdin /kind/manifests/default-cni.yaml
docker exec --detach "$container" containerd
until in_node ctr version >/dev/null 2>&1; do sleep 0.2; done
docker save "${images[@]}" "$network" | in_node ctr --namespace k8s.io images import --no-unpack --digests -
in_node pkill --exact containerd
while in_node pgrep --exact containerd >/dev/null; do sleep 0.2; done
docker commit --change 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]' \
  --change "LABEL made-from=$marks" "$container" "$NODE"
# The images that these have taken the place of.
docker image prune --force
