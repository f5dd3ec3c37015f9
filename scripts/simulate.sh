#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/simulate.sh [--seed N] [--runs N] [--minutes M] [--trace] [--faults LIST]
                           [--without SAFEGUARD] [--record FILE]

Runs the whole controller in a simulated cluster, in which a seed chooses what goes wrong. A seed
that fails is named, with the few faults that are needed for it. src/sim/README.md says more.

  --seed N       the first seed; 1 if it is not given
  --runs N       how many seeds, one after the other; 1 if it is not given
  --minutes M    begins no seed after so many minutes
  --trace        tells the story of each run
  --faults LIST  of the faults of a seed only those of these numbers, such as 0,3; or none
  --without S    takes a safeguard away: dirty-set, resync, idle-watchdog, read-your-writes,
                 rotation, fence, gated-rollout, skip-unreadable, look-first or onetry
  --record FILE  writes what the flight recorder of the controller keeps of one seed: the
                 controller's page opens it. Where more processes ran, each has a file beside it

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0 all seeds passed; 1 one failed, or a tool is missing; 2 wrong usage; 128 + n ended by
signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  local arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --trace)
        arguments+=("$1")
        shift
        ;;
      --seed | --runs | --minutes | --faults | --without | --record)
        [ $# -gt 1 ] || misused "$1 needs a value"
        if [ "$1" = --record ]; then
          arguments+=("$1" "$(realpath -m -- "$2")") # of the caller's folder
        else
          arguments+=("$1" "$2")
        fi
        shift 2
        ;;
      -h | --help) usage && exit ;;
      *) misused "unknown option '$1'" ;;
    esac
  done
  cd "$checkout"
  make_scratch
  need_jdk
  need_build
  simulated io.bitcoincontroller.sim.jvm.SimulatedJvm "$scratch/patch"
  simulated --patch-module=java.base="$scratch/patch" --add-opens=java.base/java.lang=ALL-UNNAMED \
    -XX:+UnlockExperimentalVMOptions -XX:hashCode=2 -Djdk.trackAllThreads=false \
    io.bitcoincontroller.sim.Simulate ${arguments[@]+"${arguments[@]}"}
}

simulated() {
  run java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m \
    -cp "target/test-classes:$(echo target/bitcoin-controller-*.jar)" "$@"
}

main "$@"
