#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/demo.sh [--keep] [--page] [--then PROGRAM]

Builds the controller, starts a Kubernetes cluster of its own on this machine (an API server and a
kubelet that runs real bitcoind processes on loopback addresses; no container, no root), and lets
the controller make three nodes one bitcoin network. Then it walks through the life of that network
(blocks, a lost pod, a killed controller, scaling up and down) and checks every step.

It finds or fetches what it needs: JDK 25 or newer, Maven, bitcoind. The first run fetches them and
the libraries; later runs build only what changed.

  --keep      leave the network running at the end, also if a step failed, in this terminal; prints
              the KUBECONFIG and commands to try in another one. Ctrl-C ends it, and leaves nothing
              behind.
  --page      as --keep, and opens the controller's page in your browser, if the system knows one:
              the mesh, and why the controller did what it did
  --then PROGRAM
              at the end, run PROGRAM with the KUBECONFIG of the cluster, such as
              scripts/walkthrough.sh; the demo passes only if it ends with 0
  -h, --help  this text

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept
  NO_COLOR               no colours, no line that is written over

exit code: 0 every step passed; 1 one failed, or a tool is missing; 2 wrong usage;
128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  local options=() program
  while [ $# -gt 0 ]; do
    case $1 in
      --keep | --page) options+=("$1") ;;
      --then)
        [ $# -ge 2 ] || misused '--then needs a program behind it'
        case $2 in
          */*) program=$(cd "$(dirname "$2")" && pwd)/$(basename "$2") ;;
          *) program=$(command -v "$2" || true) ;;
        esac
        [ -x "$program" ] || fail "there is no program '$2'" 'Name one that may be executed, by its path.'
        options+=(--then "$program")
        shift
        ;;
      -h | --help) usage && exit ;;
      *) misused "unknown argument '$1'" ;;
    esac
    shift
  done
  if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    options+=(--terminal)
  fi
  cd "$checkout"
  make_scratch
  need_jdk
  need_bitcoind
  need_build
  demo ${options[@]+"${options[@]}"}
}

demo() {
  run java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m \
    -cp "target/test-classes:$(echo target/bitcoin-controller-*.jar)" \
    io.bitcoincontroller.local.demo.Demo \
    --controller "$(echo target/bitcoin-controller-*.jar)" --manifests manifests "$@"
}

main "$@"
