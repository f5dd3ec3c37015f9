#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/test-realcluster.sh [MAVEN ARGUMENT ...]

Starts a real Kubernetes on this machine (etcd, kube-apiserver, kube-controller-manager; objects
only, no node), runs the tests that are tagged for it, and ends it. Arguments go to Maven:
scripts/test-realcluster.sh -Dtest=RealReflectorTest

The Kubernetes is what the tool realcluster has built (its README says how: 7 minutes, once per
machine). This run has a home and ports of its own, in which it only borrows those binaries: a
cluster that you have running is left alone. Where the tool, its binaries or root are missing, one
line says so, and nothing is run.

environment
  REALCLUSTER            the tool, or its folder; default: ../shared/realcluster beside the checkout
  REALCLUSTER_HOME       where it has built; default: ~/.cache/realcluster, by HOME or, if there is
                         nothing, by the machine's list of users
  REALCLUSTER_PORT       first of four free ports in a row; default: looked for
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0 passed or skipped; 1 a test failed, or a tool is missing; 128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  case ${1-} in
    -h | --help) usage && exit ;;
  esac
  find_realcluster
  cd "$checkout"
  make_scratch
  start_cluster
  need_jdk
  need_maven
  run_tests "$@"
}

# skip WHY WHAT-TO-DO: one line, and a good end.
skip() {
  progress "$(basename "$0"): tests against a real Kubernetes are skipped: $1; $2"
  exit 0
}

# Sets realcluster to the tool, and built to the home that has its binaries.
find_realcluster() {
  local home
  realcluster=${REALCLUSTER:-$checkout/../shared/realcluster}
  [ ! -d "$realcluster" ] || realcluster=$realcluster/realcluster
  [ -x "$realcluster" ] ||
    skip "there is no $realcluster" "set REALCLUSTER to the tool of that name"
  realcluster=$(cd "$(dirname "$realcluster")" && pwd)/$(basename "$realcluster")
  [ "$(id -u)" = 0 ] || skip "realcluster needs root" "run this as root"
  for home in "${REALCLUSTER_HOME:-/nowhere}" "${HOME-}/.cache/realcluster" \
    "$(home_of_user)/.cache/realcluster"; do
    if [ -x "$home/bin/kube-apiserver" ]; then
      built=$(cd "$home" && pwd)
      return
    fi
  done
  skip_unbuilt
}

skip_unbuilt() {
  skip "Kubernetes is not built here" "run '$realcluster build' (7 minutes, once)"
}

# HOME may be anything, such as an empty folder; what was built is the machine's.
home_of_user() { getent 2>/dev/null passwd "$(id -u)" | cut -d: -f6; }

start_cluster() {
  export REALCLUSTER=$realcluster REALCLUSTER_HOME=$scratch/cluster
  REALCLUSTER_PORT=${REALCLUSTER_PORT:-$(four_free_ports)}
  export REALCLUSTER_PORT
  mkdir "$REALCLUSTER_HOME"
  ln -s "$built/bin" "$built/root" "$REALCLUSTER_HOME"
  configure_api_server
  progress "starting a Kubernetes on port $REALCLUSTER_PORT, of the binaries in $built ..."
  finally=end_cluster
  run "$realcluster" up --fresh >"$scratch/up.log" 2>&1 || {
    # only the tool knows which of its builds is good
    ! grep -q "realcluster build" "$scratch/up.log" || skip_unbuilt
    cat "$scratch/up.log" >&2
    fail "the Kubernetes did not start: its words are above" \
      "See whether '$realcluster check' passes, with a home of its own (REALCLUSTER_HOME)."
  }
}

# Every request is written down, for tests to look up. And pod templates, which nobody else watches,
# are watched in etcd itself: from its cache the server would serve what etcd has compacted. An owner that waits for what it owns
# is to be allowed, as clusters such as OpenShift want it.
configure_api_server() {
  cat >"$REALCLUSTER_HOME/audit.yaml" <<'POLICY'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
POLICY
  REALCLUSTER_APISERVER_ARGS="--audit-policy-file=$REALCLUSTER_HOME/audit.yaml \
    --audit-log-path=$REALCLUSTER_HOME/audit.log --watch-cache-sizes=podtemplates#0 \
    --enable-admission-plugins=OwnerReferencesPermissionEnforcement"
  export REALCLUSTER_APISERVER_ARGS
}

# shellcheck disable=SC2329 # called at the end
end_cluster() {
  "$realcluster" down >/dev/null 2>&1 </dev/null ||
    progress "the Kubernetes did not end: see '$realcluster down' with REALCLUSTER_HOME=$REALCLUSTER_HOME"
}

# From below the ports that the kernel gives to anybody.
four_free_ports() {
  local port tries
  for ((tries = 0; tries < 100; tries++)); do
    port=$((20000 + RANDOM % 12000))
    if ! taken "$port" && ! taken $((port + 1)) && ! taken $((port + 2)) && ! taken $((port + 3)); then
      echo "$port"
      return
    fi
  done
  fail "there are no four free ports in a row between 20000 and 32000" "Set REALCLUSTER_PORT."
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

run_tests() {
  local colour=auto code=0
  [ -t 1 ] || colour=never
  # the ordinary tests are the ordinary run's
  run mvn -B -ntp -Dstyle.color="$colour" test -Dgroups=realcluster -DexcludedGroups= "$@" || code=$?
  [ "$code" = 0 ] || keep_logs
  return "$code"
}

keep_logs() {
  rm -rf target/realcluster-log
  mkdir -p target/realcluster-log
  cp "$REALCLUSTER_HOME"/log/*.log "$REALCLUSTER_HOME/audit.log" target/realcluster-log
  progress "the logs of the Kubernetes are in target/realcluster-log"
}

main "$@"
