#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/bench.sh [cache | queue] ...

Measures, and prints tables. Without a name, everything: some three minutes on a quiet machine.

  cache   10,000 pods of 8 KiB: decoding and storing their events, against jackson-core's bare
          tokeniser; the heap they take, and that needed to list them; the time from a fresh start
          to synced
  queue   nanoseconds an item in the work queue, and in the structure of 100,000 delayed keys

What is said to be on one thread is pinned to one core, where taskset is there to do so. Figures
are lowest, median and highest of several rounds; on a machine with other work look at the ratios,
which compare what was measured in turn. A goal that is missed says so.

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0 everything was measured, goals met or not; 1 something failed, or a tool is missing;
2 wrong usage; 128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  local name names=()
  for name; do
    case $name in
      cache | queue) names+=("$name") ;;
      -h | --help) usage && exit ;;
      *) misused "unknown benchmark '$name'" ;;
    esac
  done
  [ ${#names[@]} -gt 0 ] || names=(cache queue)
  cd "$checkout"
  make_scratch
  need_jdk
  need_build
  for name in "${names[@]}"; do
    "bench_$name"
  done
}

bench_cache() {
  measure on_one_core cache.DecodeBench
  measure cache.RoomBench
  measure cache.SyncedBench
}

bench_queue() { measure on_one_core workqueue.QueueBench; }

# measure [on_one_core] CLASS
measure() {
  local pinned=()
  if [ "$1" = on_one_core ]; then
    shift
    pin
  fi
  run ${pinned[@]+"${pinned[@]}"} java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m \
    -cp "target/test-classes:$(echo target/bitcoin-controller-*.jar)" "io.bitcoincontroller.$1"
}

# Sets pinned, if it can, to what pins a command to the last core that this process may use.
pin() {
  local cores
  if cores=$(taskset -cp $$ 2>/dev/null); then
    pinned=(taskset -c "${cores##*[ ,-]}")
  fi
}

main "$@"
