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
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/realcluster.sh"

main() {
  case ${1-} in
    -h | --help) usage && exit ;;
  esac
  find_realcluster
  cd "$checkout"
  make_scratch
  prepare_cluster
  configure_api_server
  start_cluster
  need_jdk
  need_maven
  run_tests "$@"
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
