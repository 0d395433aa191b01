#!/usr/bin/env bash
# Builds kind, and what runs in its nodes, from Go modules. Kubernetes has the version that
# tools/from-modules pins, and its build cache is used.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/env.sh"

KIND=v0.33.0
COREDNS=v1.12.0 # as kubeadm asks for it
KUBERNETES=$(sed -n 's|^\tk8s.io/kubernetes v|v|p' "$MODULES/go.mod")
PROGRAMS=$CACHE/programs
mkdir -p "$PROGRAMS" "$CACHE/bin" "$CACHE/coredns"
export CGO_ENABLED=0 GOWORK=off GOBIN=$PROGRAMS

[ -x "$PROGRAMS/kind" ] || go install -ldflags "-s -w" "sigs.k8s.io/kind@$KIND"
# kind asks for its image by a digest that no image made here can have.
cat >"$CACHE/bin/kind" <<SCRIPT
#!/bin/sh
[ "\$1 \$2" != "create cluster" ] || set -- "\$@" --image kindest/node:$KUBERNETES
exec "$PROGRAMS/kind" "\$@"
SCRIPT
chmod +x "$CACHE/bin/kind"

if ! [ -x "$PROGRAMS/coredns" ]; then
  cp "$FOLDER/coredns.go" "$CACHE/coredns/main.go"
  cd "$CACHE/coredns"
  [ -e go.mod ] || go mod init coredns
  go get "github.com/coredns/coredns@$COREDNS"
  go build -mod=mod -ldflags "-s -w" -o "$PROGRAMS/" .
fi

[ "$(cat "$CACHE/kubernetes" 2>/dev/null)" != "$KUBERNETES" ] || exit 0
IFS=. read -r major minor _ <<<"${KUBERNETES#v}"
flags="-s -w"
for library in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags+=" -X $library.gitVersion=$KUBERNETES -X $library.gitMajor=$major"
  flags+=" -X $library.gitMinor=$minor -X $library.gitTreeState=clean"
done
# A copy gets the modules that kubelet, kubeadm and kube-proxy use beyond the pinned ones.
cp "$MODULES"/go.{mod,sum} "$CACHE/"
cd "$MODULES"
go build -mod=mod -modfile="$CACHE/go.mod" -ldflags "$flags" -o "$PROGRAMS/" \
  ./kube k8s.io/kubernetes/cmd/{kubelet,kubeadm,kube-proxy}
echo "$KUBERNETES" >"$CACHE/kubernetes"
