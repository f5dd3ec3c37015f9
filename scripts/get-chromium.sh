#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/get-chromium.sh

Prints the path of Chromium, in which the tests look at the controller's page: the one on PATH. Where
there is none, and apt may install something without asking (as root, or by sudo without a password),
it installs Debian's package chromium: 80 MB come over the network. It keeps no private copy: Chromium
finds its parts only where its package puts them.

exit code: 0, or 1 with two lines on standard error, or 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  no_arguments "$@"
  on_path || { apt_install chromium chromium-browser && on_path; } ||
    fail 'no Chromium is on PATH, and apt on this machine cannot install one' \
      'Install the package chromium yourself, and try again.'
}

on_path() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

main "$@"
