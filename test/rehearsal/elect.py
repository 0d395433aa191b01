"""Leads as long as it holds the Lease, as client libraries of Kubernetes do it."""

import json
import os
import ssl
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
LEASE = (
    f"https://{os.environ['KUBERNETES_SERVICE_HOST']}:{os.environ['KUBERNETES_SERVICE_PORT']}"
    f"/apis/coordination.k8s.io/v1/namespaces/{os.environ['LEASE_NAMESPACE']}"
    f"/leases/{os.environ['LEASE_NAME']}"
)
DURATION = timedelta(seconds=5)
TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def call(method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Reads the Lease, or writes it unless somebody else did so in between."""
    request = urllib.request.Request(
        LEASE,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {(ACCOUNT / 'token').read_text()}",
            "Content-Type": "application/json",
        },
    )
    tls = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    with urllib.request.urlopen(request, context=tls, timeout=5) as answer:
        lease: dict[str, Any] = json.load(answer)
    return lease


def campaign() -> None:
    """Takes the Lease where nobody holds it, and keeps it where this pod does."""
    lease = call("GET")
    spec = lease.setdefault("spec", {})
    now = datetime.now(timezone.utc)
    renewed = spec.get("renewTime")
    expired = (
        renewed is None
        or datetime.strptime(renewed, TIME).replace(tzinfo=timezone.utc) + DURATION < now
    )
    if spec.get("holderIdentity") != os.environ["POD_NAME"] and not expired:
        return
    spec["holderIdentity"] = os.environ["POD_NAME"]
    spec["leaseDurationSeconds"] = int(DURATION.total_seconds())
    spec["renewTime"] = now.strftime(TIME)
    call("PUT", lease)


while True:
    try:
        campaign()
    except (OSError, urllib.error.HTTPError) as error:
        print(error, flush=True)
    time.sleep(1)
