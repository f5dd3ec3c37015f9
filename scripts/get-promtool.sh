#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/get-promtool.sh

Prints the path of promtool, with which the tests judge metrics and alert rules: the one on PATH, else a
private copy that is fetched once and kept.

The copy is of Debian's promtool package, fetched as scripts/get-bitcoind.sh fetches bitcoind: no root
is needed, and nothing is installed on the system. It is kept in
${XDG_CACHE_HOME:-~/.cache}/bitcoin-controller/promtool. Remove that folder to fetch it anew.

environment
  DEBIAN_MIRROR  the Debian archive to fetch from; default: the one that this machine's apt uses

exit code: 0, or 1 with two lines on standard error, or 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/private-apt.sh"

package=promtool
programs=promtool
libraries_wanted='^libc6$'
by_hand='Install promtool 2.42 or newer yourself, put it on PATH, and try again.'

main() {
  no_arguments "$@"
  command -v promtool && return
  need_copy promtool 30
  printf '%s\n' "$cache/bin/promtool"
}

# runs FOLDER: whether it is there and starts.
runs() { [ -x "$1/promtool" ] && "$1/promtool" --version >/dev/null 2>&1; }

main "$@"
