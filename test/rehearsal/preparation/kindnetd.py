"""In place of kindnetd on a node: CNI configuration, routes to the other nodes, NetworkPolicies.

kindnetd enforces policies with queues that not every kernel has; this does it with iptables.
"""

import json
import os
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

Object = dict[str, Any]

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
CNI = Path("/etc/cni/net.d/10-kindnet.conflist")
CHAIN = "KINDNET-POLICY"


def listed(path: str) -> list[Object]:
    """Everything of a kind that the API server has."""
    token = (ACCOUNT / "token").read_text()
    request = urllib.request.Request(
        f"https://{os.environ['CONTROL_PLANE_ENDPOINT']}{path}",
        headers={"Authorization": f"Bearer {token}"},
    )
    tls = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    with urllib.request.urlopen(request, context=tls, timeout=10) as answer:
        items: list[Object] = json.load(answer)["items"]
    return items


def run(*command: str, text: str = "") -> None:
    """Runs a program, which fails loudly."""
    subprocess.run(command, input=text.encode(), check=True)


def lead_to_pods(nodes: list[Object]) -> None:
    """Routes to the pods of other nodes, and the CNI configuration for this one."""
    for node in nodes:
        cidr = node["spec"].get("podCIDR")
        addresses = {each["type"]: each["address"] for each in node["status"]["addresses"]}
        if cidr is None:
            continue
        if addresses["InternalIP"] != os.environ["HOST_IP"]:
            run("ip", "route", "replace", cidr, "via", addresses["InternalIP"])
        elif not CNI.exists():
            complete = CNI.with_suffix(".tmp")
            complete.write_text(json.dumps(cni_configuration(cidr)))
            complete.rename(CNI)


def cni_configuration(cidr: str) -> Object:
    """kindnetd's own configuration: a pair of interfaces for each pod, without a bridge."""
    route = {"dst": "0.0.0.0/0"}
    ipam = {"type": "host-local", "dataDir": "/run/cni-ipam-state"}
    pair = {"type": "ptp", "ipMasq": False, "mtu": int(Path("/sys/class/net/eth0/mtu").read_text())}
    return {
        "cniVersion": "0.3.1",
        "name": "kindnet",
        "plugins": [
            {**pair, "ipam": {**ipam, "routes": [route], "ranges": [[{"subnet": cidr}]]}},
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }


def masquerade() -> None:
    """Gives packets of pods that leave the cluster the node's address."""
    subnet = os.environ["POD_SUBNET"]
    leaves = ["!", "-d", subnet, "-s", subnet, "-m", "addrtype", "!", "--dst-type", "LOCAL"]
    rule = ["POSTROUTING", *leaves, "-j", "MASQUERADE"]
    there = ["iptables", "-w", "-t", "nat", "-C", *rule]
    if subprocess.run(there, check=False, capture_output=True).returncode:
        run("iptables", "-w", "-t", "nat", "-A", *rule)


def selects(selector: Object, labels: Object) -> bool:
    """Says whether a label selector fits labels."""
    wanted: Object = selector.get("matchLabels", {})
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for each in selector.get("matchExpressions", []):
        has, values = labels.get(each["key"]), each.get("values", [])
        fits = {
            "In": has in values,
            "NotIn": has not in values,
            "Exists": has is not None,
            "DoesNotExist": has is None,
        }
        if not fits[each["operator"]]:
            return False
    return True


def labels(thing: Object) -> Object:
    """The labels of an object."""
    found: Object = thing["metadata"].get("labels", {})
    return found


def namespace(thing: Object) -> str:
    """The name of the namespace that an object is in."""
    return str(thing["metadata"]["namespace"])


class Policies:
    """The NetworkPolicies of the cluster as rules of iptables."""

    def __init__(
        self, pods: list[Object], namespaces: list[Object], policies: list[Object]
    ) -> None:
        """Takes what the API server has of each kind."""
        self.pods = [
            pod for pod in pods if pod["status"].get("podIP") and not pod["spec"].get("hostNetwork")
        ]
        self.namespaces = {each["metadata"]["name"]: labels(each) for each in namespaces}
        self.policies = policies

    def rules(self) -> str:
        """Input of iptables-restore: a chain for each pod and direction that a policy closes."""
        chains, jumps, bodies = [CHAIN], [], []
        for number, pod in enumerate(self.pods):
            for direction, me, other in (("Ingress", "-d", "-s"), ("Egress", "-s", "-d")):
                policies = self.of(pod, direction)
                if not policies:
                    continue
                chain = f"KINDNET-{direction[0]}{number}"
                chains.append(chain)
                jumps.append(f"-A {CHAIN} {me} {pod['status']['podIP']} -j {chain}")
                for policy in policies:
                    for network, port in self.allowed(policy, direction, pod):
                        bodies.append(f"-A {chain} {other} {network}{port} -j RETURN")
                bodies.append(f"-A {chain} -j DROP")
        answers = f"-A {CHAIN} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"
        declared = [f":{chain} - [0:0]" for chain in chains]
        return "\n".join(["*filter", *declared, answers, *jumps, *bodies, "COMMIT", ""])

    def of(self, pod: Object, direction: str) -> list[Object]:
        """The policies that close a pod in a direction, but for what they allow."""
        return [
            policy
            for policy in self.policies
            if namespace(policy) == namespace(pod)
            and direction in policy["spec"]["policyTypes"]
            and selects(policy["spec"]["podSelector"], labels(pod))
        ]

    def allowed(
        self, policy: Object, direction: str, pod: Object
    ) -> Iterator[tuple[IPv4Network, str]]:
        """The addresses that a policy allows, each with a condition for the port."""
        key, peers_key = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
        for rule in policy["spec"].get(key, []):
            for network, peer in self.peers(rule.get(peers_key, []), namespace(policy)):
                target = pod if direction == "Ingress" else peer
                for port in rule.get("ports", []) or [{}]:
                    condition = port_condition(port, target)
                    if condition is not None:
                        yield network, condition

    def peers(self, peers: list[Object], own: str) -> Iterator[tuple[IPv4Network, Object | None]]:
        """The addresses of a rule's peers, with the pod where it is one."""
        if not peers:
            yield IPv4Network("0.0.0.0/0"), None
        for peer in peers:
            if "ipBlock" in peer:
                yield from ((network, None) for network in block(peer["ipBlock"]))
                continue
            for pod in self.pods:
                home = self.namespaces[namespace(pod)]
                near = (
                    selects(peer["namespaceSelector"], home)
                    if "namespaceSelector" in peer
                    else namespace(pod) == own
                )
                if near and selects(peer.get("podSelector", {}), labels(pod)):
                    yield IPv4Network(pod["status"]["podIP"]), pod


def block(ip_block: Object) -> list[IPv4Network]:
    """The networks of an ipBlock, without its exceptions. Pods have no addresses of IPv6."""
    if ":" in ip_block["cidr"]:
        return []
    networks = [IPv4Network(ip_block["cidr"])]
    for out in map(IPv4Network, ip_block.get("except", [])):
        networks = [
            part
            for network in networks
            for part in (network.address_exclude(out) if out.subnet_of(network) else [network])
        ]
    return networks


def port_condition(port: Object, target: Object | None) -> str | None:
    """A condition on the port; None where the target has none of that name."""
    if not port:
        return ""
    protocol, number = port.get("protocol", "TCP"), port.get("port")
    condition = f" -p {protocol.lower()}"
    if number is None:
        return condition
    if isinstance(number, str):
        containers = [] if target is None else target["spec"]["containers"]
        named = {
            each.get("name"): each["containerPort"]
            for container in containers
            for each in container.get("ports", [])
        }
        if number not in named:
            return None
        number = named[number]
    last = f":{port['endPort']}" if "endPort" in port else ""
    return f"{condition} --dport {number}{last}"


def main() -> None:
    """Keeps the node as the cluster is."""
    masquerade()
    enforced = ""
    while True:
        try:
            lead_to_pods(listed("/api/v1/nodes"))
            rules = Policies(
                listed("/api/v1/pods"),
                listed("/api/v1/namespaces"),
                listed("/apis/networking.k8s.io/v1/networkpolicies"),
            ).rules()
            if rules != enforced:
                # Declared chains are emptied and filled in one step, others are left alone.
                run("iptables-restore", "-w", "-n", text=rules)
                if not enforced:
                    run("iptables", "-w", "-I", "FORWARD", "1", "-j", CHAIN)
                enforced = rules
        except (OSError, subprocess.CalledProcessError) as error:
            print(error, flush=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
