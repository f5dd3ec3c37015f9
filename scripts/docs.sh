#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/docs.sh

Makes the Javadoc of the controller, its package-private parts included, and prints the page to open:
target/javadoc/index.html. A comment that javadoc warns of, such as one with a link to nothing, is an
error. That every member has a comment and every tag is not asked for: names say much here.

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0, or 1 if javadoc has something to say or a tool is missing
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

case ${1-} in
  '') ;;
  -h | --help) usage && exit ;;
  *) misused "unknown argument '$1'" ;;
esac

cd "$checkout"
make_scratch
need_jdk
need_build
rm -rf target/javadoc
mkdir -p target/javadoc
code=0
run javadoc -quiet -package -encoding UTF-8 -Xdoclint:all,-missing -Xmaxwarns 1000 \
  -windowtitle bitcoin-controller -cp 'target/lib/*' -d target/javadoc -sourcepath src/main/java \
  -subpackages io.bitcoincontroller >"$scratch/javadoc.log" 2>&1 || code=$?
cat "$scratch/javadoc.log" >&2
if [ "$code" -ne 0 ] || [ -s "$scratch/javadoc.log" ]; then
  fail 'javadoc has something to say: it is above' 'Mend the comments that it names, and try again.'
fi
printf '%s\n' "$checkout/target/javadoc/index.html"
