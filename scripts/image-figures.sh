#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/image-figures.sh

Builds the image as scripts/image.sh does, runs its root file system without a container engine
against a local cluster whose pods are simulated, and prints what it costs: bytes by layer, the time
from exec to "caches synced" (median of 20, in turns with the same jar on this machine's JDK with
its default flags), resident memory and CPU time when idle and with 100 networks of 3 nodes.
Takes about ten minutes. Linux only, needs root; finds its tools as scripts/demo.sh does.

  -h, --help  this text

environment: that of scripts/image.sh
exit code: 0, or 1 if a tool is missing or something failed, or 2 for wrong usage
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
  run "$scripts/image.sh" --unpack "$scratch/root" || exit 1
  prepare_root "$scratch/root"
  mkdir "$scratch/account"
  measure | table
}

measure() {
  local command root=$scratch/root account=$scratch/account
  mapfile -t command <"$root.entrypoint"
  java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m -cp "$(test_classes)" \
    io.bitcoincontroller.local.image.Figures manifests "$account" \
    "${in_container[@]}" "$root" "$account" "${command[@]}" "${pod_arguments[@]}" -- \
    "${on_machine[@]}" "$account" "$JAVA_HOME/bin/java" -jar "$root/app/bitcoin-controller.jar" \
    "${pod_arguments[@]}"
}

table() {
  local name value
  printf '\non %s x %s, %s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(java -version 2>&1 | sed -n 's/^OpenJDK Runtime Environment //p')"
  while IFS=$'\t' read -r name value; do
    printf '%10s  %s\n' "$value" "$name"
  done
}

main "$@"
