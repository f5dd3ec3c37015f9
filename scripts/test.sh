#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/test.sh [MAVEN ARGUMENT ...]

Finds JDK, Maven and bitcoind as scripts/demo.sh does, and runs the whole test suite with them:
mvn -B verify. It fetches promtool and Chromium, too. Without promtool the alert rules are not tried,
without Chromium the page is not; it says so. Arguments go to Maven: scripts/test.sh -Dtest=BackoffTest

The tests against a real Kubernetes are not among them: scripts/test-realcluster.sh runs those.

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept
  PROMTOOL, CHROMIUM     used instead of those on PATH

exit code: 0, or 1 if a tool is missing or a test failed
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

case ${1-} in
  -h | --help) usage && exit ;;
esac

cd "$checkout"
make_scratch
need_jdk
need_maven
need_bitcoind
find_promtool
find_chromium
colour=auto
[ -t 1 ] || colour=never
run mvn -B -ntp -Dstyle.color="$colour" verify "$@"
progress 'not among these: the tests against a real Kubernetes (scripts/test-realcluster.sh)'
