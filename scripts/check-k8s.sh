#!/usr/bin/env bash
# Checks what is in k8s/ without a cluster: that it renders, that Kubernetes would take it, and that
# it keeps its promises (see the end of this file). Needs kubectl and python3.
set -euo pipefail
cd "$(dirname "$0")/.."

kubernetes_validate=1.37.0 # the PyPI package, which ships the schemas
export KUBERNETES_VERSIONS="1.31 1.37" # the oldest that k8s/cronjob.yaml is for, and the newest

# In a container of CI nobody is there to install things; elsewhere it is for the user to decide.
missing() {
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "k8s: installing $2" >&2
    apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$2" >/dev/null &&
      return
  fi
  echo "k8s: $1 is missing: please install it (in Debian, the package $2)" >&2
  exit 1
}
command -v kubectl >/dev/null || missing kubectl kubernetes-client
python3 -c 'import ensurepip, venv' 2>/dev/null || missing "python3 with venv and pip" python3-venv

venv=target/k8s-venv
installed() {
  "$venv/bin/python" -c 'import importlib.metadata as m; print(m.version("kubernetes-validate"))' 2>/dev/null
}
if [[ $(installed) != "$kubernetes_validate" ]]; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==$kubernetes_validate"
fi

# What the image is built with is what CI builds and tests.
build="cargo build --release --locked"
grep -Eq "(^|[[:space:]])$build( && \\\\| \\\\)?\$" Dockerfile || {
  echo "k8s: the Dockerfile does not build with exactly \`$build\`" >&2
  exit 1
}

rendered=target/k8s-rendered.yaml
kubectl kustomize k8s >"$rendered"

"$venv/bin/python" - "$rendered" <<'PYTHON'
import os, pathlib, re, sys
import kubernetes_validate, yaml

rendered = pathlib.Path(sys.argv[1])
problems = []


def objects(path):
    documents = [document for document in yaml.safe_load_all(path.read_text()) if document]
    return [d for d in documents if not str(d.get("apiVersion")).startswith("kustomize.config.k8s.io/")]


def why_invalid(document, version):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{'.'.join(map(str, error.absolute_path)) or 'the document'}: {error.message[:300]}"
    except kubernetes_validate.SchemaNotFoundError as error:
        return error.message
    except KeyError as error:
        return f"no {error}: not a Kubernetes object"


valid = 0
for path in [rendered, *sorted(p for p in pathlib.Path("k8s").rglob("*") if p.suffix in (".yaml", ".yml"))]:
    names = []
    for document in objects(path):
        name = f"{document.get('kind')}/{(document.get('metadata') or {}).get('name')}"
        found = {why_invalid(document, v): v for v in os.environ["KUBERNETES_VERSIONS"].split()}
        found.pop(None, None)
        problems += [f"{path}: {name}: Kubernetes {v}: {why}" for why, v in found.items()]
        valid += not found
        names.append(name)
    if names:
        print(f"{path}: {', '.join(names)}")


def promise(kept, what):
    if not kept:
        problems.append(f"{rendered}: {what}")


# Promises that no schema knows of.
documents = objects(rendered)
cron_jobs = [d["spec"] for d in documents if d["kind"] == "CronJob"]
promise(len(cron_jobs) == 1, "there must be one CronJob")
promise(all(d["kind"] != "Secret" for d in documents), "the example Secret must not be deployed")


def promise_locked_down(pod, secret_key):
    """Every container of a pod can do little, and has its database from this key of the Secret."""
    crate_version = re.search(r'^version = "(.+)"', pathlib.Path("Cargo.toml").read_text(), re.M)[1]
    for container in pod.get("initContainers", []) + pod["containers"]:
        name = container["name"]
        # A container's own settings go before the pod's.
        security = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
        for key, value in {
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }.items():
            promise(security.get(key) == value, f"container {name}: {key} must be {value}")
        url = [e for e in container.get("env", []) if e["name"] == "DATABASE_URL"]
        reference = url[0].get("valueFrom", {}).get("secretKeyRef", {}) if len(url) == 1 else {}
        promise(
            reference.get("key") == secret_key,
            f"container {name}: DATABASE_URL must come from a secretKeyRef with the key {secret_key}",
        )
        promise(
            container["image"].endswith(f":{crate_version}"),
            f"container {name}: the image must be tagged {crate_version}, as in Cargo.toml",
        )


for cron_job in cron_jobs if not problems else []:
    job = cron_job["jobTemplate"]["spec"]
    promise(cron_job["schedule"] == "*/30 * * * *", "schedule must be */30 * * * *")
    promise(cron_job.get("concurrencyPolicy") == "Forbid", "concurrencyPolicy must be Forbid")
    promise(job.get("activeDeadlineSeconds", 1800) < 1800, "a run must end before the next one")
    promise_locked_down(job["template"]["spec"], "database-url")

of_kind = {d["kind"]: d["spec"] for d in documents if "spec" in d}
kinds = ["Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"]
for kind in kinds:
    promise(kind in of_kind, f"there must be a {kind} for serve")
if not problems:
    deployment, service, policy, budget = (of_kind[kind] for kind in kinds)
    template = deployment["template"]
    pod, labels = template["spec"], template["metadata"]["labels"]
    promise_locked_down(pod, "database-url-read")
    (serve,) = pod["containers"]
    (port,) = [port["containerPort"] for port in serve["ports"]]
    promise(f"0.0.0.0:{port}" in serve["command"], f"serve must listen on its port, {port}")
    paths = [serve[p]["httpGet"]["path"] for p in ("startupProbe", "livenessProbe", "readinessProbe")]
    promise(paths == ["/healthz", "/healthz", "/readyz"], "a database that is away must restart nothing")
    drain_seconds = 25  # of LIMITS in src/web/server.rs
    promise(
        pod["terminationGracePeriodSeconds"] > drain_seconds + 5,
        f"serve must have the time to finish what is under way, {drain_seconds} s",
    )
    promise(deployment["replicas"] > budget["minAvailable"] > 0, "one may go while another serves")
    for what, selector in {
        "Service": service["selector"],
        "NetworkPolicy": policy["podSelector"]["matchLabels"],
        "PodDisruptionBudget": budget["selector"]["matchLabels"],
        "Deployment": deployment["selector"]["matchLabels"],
    }.items():
        promise(selector == labels, f"the {what} must select the pods of serve and no others")
        job_labels = cron_jobs[0]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
        promise(not selector.items() <= job_labels.items(), f"the {what} must leave out the job's pods")
    ports = lambda rules: sorted({p["port"] for rule in rules for p in rule["ports"]})
    promise(ports(policy["ingress"]) == [port], f"only port {port} is for others")
    promise(ports(policy["egress"]) == [53, 5432], "serve must reach name servers and PostgreSQL only")

for problem in problems:
    print(f"error: {problem}", file=sys.stderr)
if problems:
    sys.exit(1)
print(f"k8s: {valid} documents valid")
PYTHON
