#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/simulate.sh [--seed N] [--runs N] [--minutes M] [--trace] [--without SAFEGUARD]
                           [--whole] [--faults LIST] [--nodes LIST] [--controllers N]
                           [--parts LIST] [--record FILE]

Runs the whole controller in a simulated cluster, in which a seed chooses what goes wrong. A seed
that fails is named, with the little of it that still fails. src/sim/README.md says more.

  --seed N         the first seed; 1 if it is not given
  --runs N         how many seeds; 1 if it is not given. Many run on all cores, a process on each
  --minutes M      begins no seed after so many minutes; runs seeds until then if no --runs is given
  --trace          tells the story of each run
  --without S      takes a safeguard away: dirty-set, resync, idle-watchdog, read-your-writes,
                   rotation, fence, gated-rollout, skip-unreadable, post-first or onetry
  --whole          plays all of each seed; else most seeds play a smaller one, with one network.
                   Each of the next four plays all as well, but for what it says
  --faults LIST    of the faults of a seed only those of these numbers, such as 0,3; or none
  --nodes LIST     how many nodes each network begins with, such as 2,0; - if it is not made
  --controllers N  1, or 2 of which one leads
  --parts LIST     what comes after recovery: quiet, changes, roll-out, by commas; or none
  --record FILE    writes what the flight recorder of the controller keeps of one seed: the
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
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/simulated-jvm.sh"

seed=1
runs=
minutes=
traced=

# So many seeds in a process are worth the optimizing compiler, which takes 15 s before it saves
# any; so many in all are worth a process on each core.
many=300

main() {
  local arguments=("$@") recorded=()
  while [ $# -gt 0 ]; do
    case $1 in
      --trace) traced=yes && shift ;;
      --whole) shift ;;
      --record)
        [ $# -gt 1 ] || misused "$1 needs a value"
        recorded=(--record "$(realpath -m -- "$2")") # of the caller's folder
        shift 2
        ;;
      --seed | --runs | --minutes | --without | --faults | --nodes | --controllers | --parts)
        [ $# -gt 1 ] || misused "$1 needs a value"
        case $1 in
          --seed) seed=$2 ;;
          --runs) runs=$2 ;;
          --minutes) minutes=$2 ;;
        esac
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
  patch_jdk
  run simulate ${recorded[@]+"${recorded[@]}"} ${arguments[@]+"${arguments[@]}"}
}

# A JVM has one simulated time: each core gets a process, and each process its share of the seeds.
simulate() {
  local processes=1 each code=0 pids=()
  if [ -z "$traced" ] && { [ -n "$minutes" ] || [ "${runs:-1}" -ge "$many" ]; }; then
    processes=$(getconf _NPROCESSORS_ONLN)
  fi
  for ((each = 0; each < processes; each++)); do
    simulated "$((seed + each))" "$processes" "$(share "$each" "$processes")" "$@" &
    pids+=("$!")
  done
  for each in "${pids[@]}"; do
    wait "$each" || code=$?
  done
  return "$code"
}

# share PROCESS PROCESSES: how many of the seeds are its own; nothing if only the time ends them.
share() {
  [ -z "$runs" ] || echo "$(((runs + $2 - 1 - $1) / $2))"
}

# simulated SEED EVERY RUNS OPTION…: the first of two options of one name counts.
simulated() {
  local first=$1 every=$2 own=$3 options=()
  shift 3
  [ -z "$own" ] || options+=(--runs "$own")
  # it takes half the time if it inlines less, and what it makes is as fast
  local compiler=(-XX:FreqInlineSize=60 -XX:MaxInlineLevel=6 -XX:InlineSmallCode=1200)
  [ -n "$minutes" ] || [ "${own:-1}" -ge "$many" ] || compiler=(-XX:TieredStopAtLevel=1)
  in_simulated_jvm "${compiler[@]}" io.bitcoincontroller.sim.Simulate \
    --seed "$first" --every "$every" ${options[@]+"${options[@]}"} "$@"
}

main "$@"
