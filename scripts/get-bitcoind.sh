#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/get-bitcoind.sh

Prints the folder that holds bitcoind and bitcoin-cli: the one on PATH where both are there, else a
private copy that is fetched once and kept.

The copy is Debian's bitcoin-knots package with the libraries it needs, fetched and verified by apt
with an apt state of its own: no root is needed, and nothing is installed on the system. 23 MB come
over the network, 49 MB are kept in ${XDG_CACHE_HOME:-~/.cache}/bitcoin-controller/bitcoind (without
a home folder: in a folder of yours under ${TMPDIR:-/tmp}). Remove that folder to fetch it anew.

environment
  DEBIAN_MIRROR  the Debian archive to fetch from; default: the one that this machine's apt uses

exit code: 0, or 1 with two lines on standard error, or 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/private-apt.sh"

package=bitcoin-knots
programs='bitcoind bitcoin-cli'
libraries_wanted=^lib
by_hand='Install bitcoind and bitcoin-cli 28 or newer yourself, put both on PATH, and try again.'

main() {
  no_arguments "$@"
  folder_on_path && return
  need_copy bitcoind 23
  printf '%s\n' "$cache/bin"
}

folder_on_path() {
  local daemon client
  daemon=$(command -v bitcoind) && client=$(command -v bitcoin-cli) || return 1
  daemon=$(cd "$(dirname "$daemon")" && pwd)
  client=$(cd "$(dirname "$client")" && pwd)
  if [ "$daemon" != "$client" ]; then
    progress "bitcoind is in $daemon but bitcoin-cli in $client: looking elsewhere for a pair"
    return 1
  fi
  printf '%s\n' "$daemon"
}

# runs FOLDER: whether both programs are there and start.
runs() {
  [ -x "$1/bitcoind" ] && [ -x "$1/bitcoin-cli" ] &&
    "$1/bitcoind" -version >/dev/null 2>&1 && "$1/bitcoin-cli" -version >/dev/null 2>&1
}

main "$@"
