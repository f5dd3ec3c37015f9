#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/image-figures.sh

Builds the image as scripts/image.sh does, runs its root file system without a container engine
against a local cluster whose pods are simulated, and prints what it costs, with the goals, and
which of them are met: bytes by layer; the time from exec to "caches synced" (median of 20, in turns
with the same jar on this machine's JDK with its default flags); resident memory and CPU time when
idle and with 100 networks of 3 nodes. Other work on the machine shows in all times: run it on a
quiet one. Takes ten minutes. Linux only, needs root; finds its tools as scripts/demo.sh does.

  -h, --help  this text

environment: that of scripts/image.sh
exit code: 0, whatever the figures; 1 if a tool is missing or something failed; 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/container.sh"

main() {
  case ${1-} in
    '') ;;
    -h | --help) usage && exit ;;
    *) misused "unknown argument '$1'" ;;
  esac
  cd "$checkout"
  may_contain
  make_scratch
  need_jdk
  need_build
  run "$scripts/image.sh" --unpack "$scratch/root" >"$scratch/layers" || exit 1
  cat "$scratch/layers"
  prepare_root "$scratch/root"
  mkdir "$scratch/account"
  # not a pipe: its failure is this script's
  measure >"$scratch/figures" || fail "the image could not be measured: its words are above" "Try scripts/image.sh --try."
  { sizes <"$scratch/layers" && cat "$scratch/figures"; } | table
}

# Lines of a name, a value and what it has to be below, as those of Figures.
sizes() {
  awk '
    $4 == "/" { base = $2; plain_base = $1 }
    $3 == "all" {
      printf "MB without the base\t%.1f\t\n", ($1 - plain_base) / 1e6
      printf "MB\t%.1f\t\n", $1 / 1e6
      printf "MB gzip'\''ed without the base\t%.2f\t26\n", ($2 - base) / 1e6
      printf "MB gzip'\''ed\t%.2f\t32\n", $2 / 1e6
    }'
}

measure() {
  local command root=$scratch/root account=$scratch/account
  mapfile -t command <"$root.entrypoint"
  run java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m -cp "$(test_classes)" \
    io.bitcoincontroller.local.image.Figures manifests "$account" \
    "${in_container[@]}" "$root" "$account" "${command[@]}" "${pod_arguments[@]}" against \
    "${on_machine[@]}" "$account" "$JAVA_HOME/bin/java" -jar "$root/app/bitcoin-controller.jar" \
    "${pod_arguments[@]}"
}

table() {
  printf '\non %s x %s, %s, %s; load %s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)" \
    "$(java -version 2>&1 | sed -n 's/^OpenJDK Runtime Environment //p')" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
  awk -F '\t' '{
    goal = $3 == "" ? "" : ($2 + 0 < $3 + 0 ? "below " $3 : "MISSED: not below " $3)
    printf "%8s  %-38s %s\n", $2, $1, goal
  }'
}

main "$@"
