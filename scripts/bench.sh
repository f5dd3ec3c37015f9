#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/bench.sh [cache | queue | mesh | split | dark | networks | recorder | real-networks | versus] ...

Measures, and prints tables. Without a name, cache and queue: some four minutes on a quiet machine.

  cache     10,000 pods of 8 KiB: decoding and storing their events, against jackson-core's bare
            tokeniser; the heap they take, and that needed to list them; the time from a fresh start
            to synced
  queue     nanoseconds an item in the work queue, and in the structure of 100,000 delayed keys
  mesh      3, 9, 17 and 50 real nodes on the local cluster: from the last one's Ready to all links
            up, connections, RPC calls; one or two minutes
  split     3, 17 and 50 real nodes on the local cluster: from the edit of spec.partition to two
            networks, and to one again; one or two minutes
  dark      1,000 networks of 3 nodes, of which a fifth has a node that takes no connection: how long
            the keys of the others wait in the queue, beside what they wait where all are well; two
            minutes
  networks  10, 100 and 1,000 networks of 3 simulated pods on the local cluster: from the start of
            the controller to all well, its CPU time, memory and requests; from a replaced
            pod's Ready to a complete mesh. Some quarter of an hour.
  recorder  1,000 networks as above, and controllers with and without the flight recorder over them in
            turn, in twenty rounds: CPU time and memory. Some 27 minutes.
  real-networks
            10, 100, 300 and 1,000 networks on a real API server without a node, beside what was
            measured of other controllers there. Needs what scripts/test-realcluster.sh needs; some
            ten minutes.
  versus    this controller and one written in the usual way with client-go, in turn, three rounds
            of each size, with the same fake nodes on one API server: medians, and their ratios.
            Needs a harness (HARNESS); where that is not, one line says so. Half an hour or more.

What is said to be on one thread is pinned to one core, where taskset is there to do so. Figures
are lowest, median and highest of several rounds; on a machine with other work look at the ratios,
which compare what was measured in turn. A goal that is missed says so.

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept
  HARNESS                for versus: a folder with the harness' run.sh and peers/go/build.sh
  PEER                   for versus: the other controller; default: what peers/go/build.sh makes
  VERSUS_SIZES           for versus: NETWORKSxNODES, separated by blanks; default: 10x3 100x3 1000x3

exit code: 0 everything was measured, goals met or not; 1 something failed, or a tool is missing;
2 wrong usage; 128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/realcluster.sh"

main() {
  local name names=()
  for name; do
    case $name in
      cache | queue | mesh | split | dark | networks | recorder | real-networks | versus) names+=("$name") ;;
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
    "bench_${name//-/_}"
  done
}

bench_cache() {
  measure on_one_core cache.DecodeBench
  measure cache.RoomBench
  measure cache.SyncedBench
}

bench_queue() { measure on_one_core workqueue.QueueBench; }

bench_mesh() {
  local jars=(target/bitcoin-controller-*.jar)
  need_bitcoind
  measure bench.MeshBench "${jars[0]}" manifests "$BITCOIND_BIN" 3 9 17 50
}

bench_split() {
  local jars=(target/bitcoin-controller-*.jar)
  need_bitcoind
  measure bench.SplitBench "${jars[0]}" manifests "$BITCOIND_BIN" \
    3:FullMesh 17:Sparse 50:Sparse 50:FullMesh
}

bench_dark() { measure nodes.DarkNodesBench; }

bench_networks() {
  local jars=(target/bitcoin-controller-*.jar)
  heap=2g measure bench.NetworksBench "${jars[0]}" src/main/image/jvm.args manifests 10 100 1000
}

bench_recorder() {
  local jars=(target/bitcoin-controller-*.jar)
  heap=2g measure bench.RecorderBench "${jars[0]}" src/main/image/jvm.args manifests 1000 20
}

# Its own controllers would take minutes for thousands of pods, at their usual 20 requests a second.
bench_real_networks() {
  local jars=(target/bitcoin-controller-*.jar)
  find_realcluster
  prepare_cluster
  export REALCLUSTER_KCM_ARGS="--kube-api-qps=2000 --kube-api-burst=2000 --concurrent-statefulset-syncs=20"
  start_cluster
  heap=1g measure bench.RealNetworksBench "${jars[0]}" \
    src/main/image/jvm.args manifests 10 100 300 1000
}

# Networks without a disruption budget: the other one has none. The first run trains the cache that
# the image has, too.
bench_versus() {
  local jars=(target/bitcoin-controller-*.jar) results=$scratch/versus.jsonl round size ours theirs
  if [ ! -x "${HARNESS:-/nowhere}/run.sh" ]; then
    progress "bench.sh: versus is skipped: there is no harness; set HARNESS to its folder"
    return
  fi
  if [ -z "${PEER-}" ]; then
    PEER=$scratch/peer
    run "$HARNESS/peers/go/build.sh" "$PEER" >&2
  fi
  ours=$(printf '%q ' exec java @"$PWD/src/main/image/jvm.args" "-XX:AOTCache=$scratch/our.aot" \
    -jar "$PWD/${jars[0]}" --bind-address=127.0.0.1:0)"--kubeconfig {kubeconfig}"
  theirs="$(printf '%q ' exec "$PEER")--kubeconfig {kubeconfig}"
  RESULTS=$scratch/training.jsonl one_run training "${ours/AOTCache=/AOTCacheOutput=}" 10x3
  for round in 1 2 3; do
    for size in ${VERSUS_SIZES:-10x3 100x3 1000x3}; do
      progress "round $round of 3, $size"
      RESULTS=$results one_run ours "$ours" "$size"
      RESULTS=$results one_run client-go "$theirs" "$size"
    done
  done
  measure bench.VersusTable "$results"
}

# one_run LABEL COMMAND SIZE; its words go where errors go, and its figures to the file RESULTS
one_run() {
  local spec='{"secret":"bitcoin-rpc","disruptionBudget":false}'
  BENCH_FLAGS="${BENCH_FLAGS:--rest 15s -quiet 20s} -spec $spec" RESULTS=$RESULTS \
    run "$HARNESS/run.sh" "$1" "$2" -- "$3" >&2
}

# measure [on_one_core] CLASS [ARGUMENT]…
measure() {
  local class pinned=()
  if [ "$1" = on_one_core ]; then
    shift
    pin
  fi
  class=io.bitcoincontroller.$1
  shift
  run ${pinned[@]+"${pinned[@]}"} java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC \
    -Xmx"${heap:-512m}" -cp "target/test-classes:$(echo target/bitcoin-controller-*.jar)" \
    "$class" "$@"
}

# Sets pinned, if it can, to what pins a command to the last core that this process may use.
pin() {
  local cores
  if cores=$(taskset -cp $$ 2>/dev/null); then
    pinned=(taskset -c "${cores##*[ ,-]}")
  fi
}

main "$@"
