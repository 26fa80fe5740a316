#!/usr/bin/env bash
# Checks k8s/ without a cluster: it renders, Kubernetes would accept it, and it meets the requirements at
# the end of this file. Needs kubectl and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

kubernetes_validate=1.37.0 # the PyPI package, which ships the schemas
export KUBERNETES_VERSIONS="1.31 1.37" # the oldest that k8s/cronjob.yaml is for, and the newest

need kubectl kubernetes-client python3-venv python3-venv

venv=target/k8s-venv
installed() {
  "$venv/bin/python" -c 'import importlib.metadata as m; print(m.version("kubernetes-validate"))' 2>/dev/null
}
if [[ $(installed) != "$kubernetes_validate" ]]; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "kubernetes-validate==$kubernetes_validate"
fi

# The image must be built with the command that `scripts/test.sh full` builds and checks.
build="cargo build --profile dist --features tls --locked"
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


def require(condition, requirement):
    if not condition:
        problems.append(f"{rendered}: {requirement}")


# Requirements that the schemas do not know.
documents = objects(rendered)
cron_jobs = {d["metadata"]["name"]: d["spec"] for d in documents if d["kind"] == "CronJob"}
expected = {"hut-availability-update", "hut-availability-prune"}
require(set(cron_jobs) == expected, f"the CronJobs must be {expected}")
require(all(d["kind"] != "Secret" for d in documents), "the example Secret must not be deployed")


def pod_of(document):
    """The pod template of an object that creates pods."""
    spec = document.get("spec", {})
    return spec.get("jobTemplate", {}).get("spec", spec).get("template", {}).get("spec")


def containers(pod):
    return pod.get("initContainers", []) + pod["containers"]


VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
PROFILES = ("RuntimeDefault", "Localhost")


def not_restricted(pod):
    """The reasons why the profile `restricted` of the Pod Security Standards refuses a pod."""
    pod_context = pod.get("securityContext", {})
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(key):
            yield key
    for volume in pod.get("volumes", []):
        if not set(volume) - {"name"} <= VOLUMES:
            yield f"volume {volume['name']} of a kind that is not allowed"
    if pod_context.get("sysctls"):
        yield "sysctls"
    for container in containers(pod):
        own = container.get("securityContext", {})
        security, name = {**pod_context, **own}, f"container {container['name']}:"
        if security.get("runAsNonRoot") is not True or security.get("runAsUser", 1) == 0:
            yield f"{name} may be root"
        if security.get("seccompProfile", {}).get("type") not in PROFILES:
            yield f"{name} no seccompProfile of {' or '.join(PROFILES)}"
        if security.get("appArmorProfile", {}).get("type", "RuntimeDefault") not in PROFILES:
            yield f"{name} appArmorProfile"
        if security.get("seLinuxOptions"):
            yield f"{name} seLinuxOptions"
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"{name} allowPrivilegeEscalation must be false"
        capabilities = own.get("capabilities", {})
        if "ALL" not in capabilities.get("drop", []) or not set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"}:
            yield f"{name} capabilities must be dropped"
        if own.get("privileged") or own.get("procMount", "Default") != "Default":
            yield f"{name} privileged, or procMount"
        if any(port.get("hostPort") for port in container.get("ports", [])):
            yield f"{name} hostPort"


# Tests the check itself: a bad pod must give six reasons.
assert len(list(not_restricted({"hostPID": True, "volumes": [{"name": "v", "hostPath": {}}], "containers": [{"name": "c"}]}))) == 6

pods = 0
for path in [rendered, *sorted(pathlib.Path("k8s").glob("*.example.yaml"))]:
    for document in objects(path):
        if pod := pod_of(document):
            pods += 1
            problems += [f"{path}: {document['kind']}: not restricted: {why}" for why in not_restricted(pod)]
namespace, = objects(pathlib.Path("k8s/namespace.example.yaml"))
level = namespace["metadata"]["labels"].get("pod-security.kubernetes.io/enforce")
require(level == "restricted", "the example of a namespace must enforce restricted")


def require_locked_down(pod, secret_key):
    """Every container of a pod has few rights, and reads its database URL from a file with this key of the Secret."""
    crate_version = re.search(r'^version = "(.+)"', pathlib.Path("Cargo.toml").read_text(), re.M)[1]
    secrets = {v["name"]: v["secret"] for v in pod.get("volumes", []) if "secret" in v}
    for container in containers(pod):
        name = container["name"]
        require(
            container.get("securityContext", {}).get("readOnlyRootFilesystem") is True,
            f"container {name}: readOnlyRootFilesystem must be True",
        )
        settings = container.get("env", [])
        in_environment = [e["name"] for e in settings if "secretKeyRef" in e.get("valueFrom", {})]
        require(not in_environment, f"container {name}: {in_environment} must not be in the environment")
        files = [e.get("value") for e in settings if e["name"] == "DATABASE_URL_FILE"]
        mounted = [
            f"{mount['mountPath']}/{item['path']}"
            for mount in container.get("volumeMounts", [])
            if mount["name"] in secrets and mount.get("readOnly")
            for item in secrets[mount["name"]]["items"]
            if item["key"] == secret_key
        ]
        require(
            len(files) == 1 and files == mounted,
            f"container {name}: DATABASE_URL_FILE must be the file of the key {secret_key}, mounted read-only",
        )
        require(
            container["image"].endswith(f":{crate_version}"),
            f"container {name}: the image must be tagged {crate_version}, as in Cargo.toml",
        )
    for name, secret in secrets.items():
        group_reads = secret.get("defaultMode") == 0o440 and "fsGroup" in pod["securityContext"]
        require(group_reads, f"volume {name}: only the pod's group may read it")


def require_run_pod(pod):
    require_locked_down(pod, "database-url")
    stops_within = 5  # seconds after SIGTERM, the limit in the contract
    seconds = pod["terminationGracePeriodSeconds"]
    require(stops_within + 5 <= seconds <= 30, f"a run must have {stops_within} s to end, and a reserve")


if not problems:
    cron_job = cron_jobs["hut-availability-update"]
    job = cron_job["jobTemplate"]["spec"]
    require(cron_job["schedule"] == "*/30 * * * *", "schedule must be */30 * * * *")
    require(cron_job.get("concurrencyPolicy") == "Forbid", "concurrencyPolicy must be Forbid")
    require(job.get("activeDeadlineSeconds", 1800) < 1800, "a run must end before the next one")
    require_run_pod(job["template"]["spec"])
    parallel, = objects(pathlib.Path("k8s/parallel.example.yaml"))
    require(parallel["spec"]["completionMode"] == "Indexed", "the example must be an Indexed Job")
    require(parallel["spec"]["parallelism"] == parallel["spec"]["completions"] > 1, "its pods must run together")
    require_run_pod(pod_of(parallel))
    cron_job = cron_jobs["hut-availability-prune"]
    pod = cron_job["jobTemplate"]["spec"]["template"]["spec"]
    (prune,) = pod["containers"]
    command = prune["command"]
    require(command[:2] == ["hut-availability", "prune"], "the container prune must run `hut-availability prune`")
    require(int(command[command.index("--keep-days") + 1]) >= 365, "prune must keep at least a year")
    require(cron_job.get("concurrencyPolicy") == "Forbid", "prune: concurrencyPolicy must be Forbid")
    require_run_pod(pod)

specs = {d["kind"]: d["spec"] for d in documents if "spec" in d}
kinds = ["Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"]
for kind in kinds:
    require(kind in specs, f"there must be a {kind} for serve")
if not problems:
    deployment, service, policy, budget = (specs[kind] for kind in kinds)
    template = deployment["template"]
    pod, labels = template["spec"], template["metadata"]["labels"]
    require_locked_down(pod, "database-url-read")
    (serve,) = pod["containers"]
    (port,) = [port["containerPort"] for port in serve["ports"]]
    require(f"0.0.0.0:{port}" in serve["command"], f"serve must listen on its port, {port}")
    paths = [serve[p]["httpGet"]["path"] for p in ("startupProbe", "livenessProbe", "readinessProbe")]
    require(paths == ["/healthz", "/healthz", "/readyz"], "an unreachable database must not restart the pods")
    drain_seconds = 25  # of LIMITS in src/web/server.rs
    require(
        pod["terminationGracePeriodSeconds"] > drain_seconds + 5,
        f"serve must have the time to finish its requests, {drain_seconds} s",
    )
    require(deployment["replicas"] > budget["minAvailable"] > 0, "one pod must serve while another is replaced")
    for kind, selector in {
        "Service": service["selector"],
        "NetworkPolicy": policy["podSelector"]["matchLabels"],
        "PodDisruptionBudget": budget["selector"]["matchLabels"],
        "Deployment": deployment["selector"]["matchLabels"],
    }.items():
        require(selector == labels, f"the {kind} must select the pods of serve and no others")
        for cron_job in cron_jobs.values():
            job_labels = cron_job["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
            require(not selector.items() <= job_labels.items(), f"the {kind} must not select the jobs' pods")
    ports = lambda rules: sorted({p["port"] for rule in rules for p in rule["ports"]})
    require(ports(policy["ingress"]) == [port], f"only port {port} may be reached")
    require(ports(policy["egress"]) == [53, 5432], "serve must reach name servers and PostgreSQL only")

for problem in problems:
    print(f"error: {problem}", file=sys.stderr)
if problems:
    sys.exit(1)
print(f"k8s: {valid} documents valid, {pods} pods restricted")
PYTHON
