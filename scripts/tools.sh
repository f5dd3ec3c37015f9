# shellcheck shell=bash
# Sourced by the other scripts: finds the tools they need, runs each long step so that a signal ends
# it whole, and builds. Nothing here depends on the current folder, HOME, or a terminal.

# The last release of Maven 3.8 that the build was tried with; pom.xml says the same.
oldest_maven=3.8.7
oldest_jdk=25

unset CDPATH
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # the scripts that source this use it
checkout=${scripts%/*}

progress() { printf '%s\n' "$*" >&2; }

# fail WHAT TO-DO: two lines, and the end.
fail() {
  progress "$(basename "$0"): $1"
  progress "  $2"
  exit 1
}

misused() {
  progress "$(basename "$0"): $1; see --help"
  exit 2
}

# no_arguments ARGUMENT…: for scripts that take none but --help. They have a function usage.
no_arguments() {
  case ${1-} in
    '') ;;
    -h | --help) usage && exit ;;
    *) misused "unknown argument '$1'" ;;
  esac
}

# --- steps and signals ---

# The process group of the step that runs now; empty between steps.
step=
# What asks a step to end.
ending=TERM
# Called at the end, after the last step: ends what steps left running on purpose.
finally=true
# Removed at the end, whatever it is; empty if there is none.
scratch=

# run COMMAND…: a step in a process group of its own, so that Ctrl-C reaches this script alone,
# which then ends the step in order. (A shell in the middle of a foreground command would hear
# nothing until that ends.) Nobody is there to answer questions: standard input is empty.
run() {
  local code=0
  set -m
  "$@" </dev/null &
  step=$!
  set +m
  wait "$step" || code=$?
  sweep
  return "$code"
}

# Ends what a step left behind, such as the children of a process that was killed.
sweep() {
  kill -KILL -- "-$step" 2>/dev/null || true
  step=
}

# The step has half a minute to end its own children; what is left then is killed.
end_step() {
  local tries=0
  kill "-$ending" "$step" 2>/dev/null || true
  while kill -0 "$step" 2>/dev/null && [ "$tries" -lt 300 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  sweep
}

# shellcheck disable=SC2329 # called by the traps
stopped_by() {
  trap '' INT TERM HUP
  exit "$1"
}

# shellcheck disable=SC2329 # called by the trap
at_exit() {
  trap '' INT TERM HUP
  # a signal can come between the start of a step and the note of it
  [ -n "$step" ] || step=$(jobs -p)
  [ -z "$step" ] || end_step
  "$finally"
  [ -z "$scratch" ] || rm -rf -- "$scratch"
}

trap at_exit EXIT
trap 'stopped_by 129' HUP
trap 'stopped_by 130' INT
trap 'stopped_by 143' TERM

# make_scratch: a folder for this run alone, in $scratch.
make_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/bitcoin-controller.XXXXXX") ||
    fail "can't make a folder in ${TMPDIR:-/tmp}" "Set TMPDIR to a folder that you may write to."
}

# --- apt ---

# Whether apt can install something without asking anybody.
may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    run env DEBIAN_FRONTEND=noninteractive "$@"
  else
    run sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# first_offered PACKAGE…: the first that apt could install; nothing if there is none.
first_offered() {
  local package
  for package; do
    if LC_ALL=C apt-cache policy "$package" 2>/dev/null | grep -q '^  Candidate: [^(]'; then
      printf '%s\n' "$package"
      return
    fi
  done
}

# apt_install PACKAGE…: installs the first that is offered; false if it can't.
apt_install() {
  local package
  may_install || return 1
  package=$(first_offered "$@")
  if [ -z "$package" ]; then
    # a fresh machine has no package lists yet
    as_root apt-get -qq update >&2 || return 1
    package=$(first_offered "$@")
    [ -n "$package" ] || return 1
  fi
  progress "installing $package by apt ..."
  as_root apt-get -qq --no-install-recommends -y --download-only install "$package" >/dev/null &&
    # not interrupted: a package that is half installed is left to its owner to repair
    ending=CONT as_root apt-get -qq -o Dpkg::Use-Pty=0 --no-install-recommends -y install "$package" >/dev/null
}

# --- JDK and Maven ---

# is_jdk FOLDER: whether it holds a new enough compiler.
is_jdk() {
  local release
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  release=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ -n "$release" ] && [ "$release" -ge "$oldest_jdk" ]
}

jdk_on_path() {
  local javac
  javac=$(command -v javac) && javac=$(readlink -f "$javac") && dirname "$(dirname "$javac")"
}

find_jdk() {
  local folder
  for folder in "${JAVA_HOME-}" "$(jdk_on_path)" /usr/lib/jvm/* /usr/java/* /usr/local/openjdk* \
    /opt/java/* /opt/*jdk* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*; do
    if is_jdk "$folder"; then
      printf '%s\n' "$folder"
      return
    fi
  done
  return 1
}

# need_jdk: exports JAVA_HOME, and puts its bin first on PATH.
need_jdk() {
  local found
  found=$(find_jdk) || {
    apt_install openjdk-{25,26,27,28,29}-jdk-headless && found=$(find_jdk)
  } || fail "no JDK $oldest_jdk or newer is here, and apt on this machine can't install one" \
    "Unpack any JDK $oldest_jdk into /opt/java/, or set JAVA_HOME to the folder of one, and try again."
  export JAVA_HOME=$found PATH=$found/bin:$PATH
}

# Maven's start takes half a second; its own answer is the only one that is always right.
is_maven() {
  local version
  command -v mvn >/dev/null || return 1
  version=$(mvn --version </dev/null 2>/dev/null |
    sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
  [ -n "$version" ] && [ "$(printf '%s\n' "$oldest_maven" "$version" | sort -V | head -n 1)" = "$oldest_maven" ]
}

find_maven() {
  local folder
  is_maven && return
  for folder in "${MAVEN_HOME:-/nowhere}" /usr/share/maven /opt/maven /opt/*maven* \
    "${HOME-}"/.sdkman/candidates/maven/current; do
    if [ -x "$folder/bin/mvn" ] && PATH=$folder/bin:$PATH is_maven; then
      PATH=$folder/bin:$PATH
      return
    fi
  done
  return 1
}

# need_maven: after need_jdk; mvn is on PATH, and quiet.
need_maven() {
  # Maven's own libraries use sun.misc.Unsafe, of which JDK 24 and later warn at every start, and
  # reset a terminal's colours even where there is no terminal.
  export MAVEN_OPTS="${MAVEN_OPTS-} --sun-misc-unsafe-memory-access=allow -Djansi.noreset=true"
  find_maven || { apt_install maven && find_maven; } ||
    fail "no Maven $oldest_maven or newer is here, and apt on this machine can't install one" \
      "Unpack any Maven 3 into /opt/maven, or put its bin folder on PATH, and try again."
}

# need_bitcoind: exports BITCOIND_BIN, the folder that holds bitcoind and bitcoin-cli. Needs $scratch.
need_bitcoind() {
  run "$scripts/get-bitcoind.sh" >"$scratch/bitcoind" || exit 1
  BITCOIND_BIN=$(cat "$scratch/bitcoind")
  export BITCOIND_BIN
}

# find_promtool: exports PROMTOOL; says what is left out where it can't be had. Needs $scratch.
find_promtool() {
  if [ -n "${PROMTOOL-}" ] || run "$scripts/get-promtool.sh" >"$scratch/promtool"; then
    PROMTOOL=${PROMTOOL:-$(cat "$scratch/promtool")}
    export PROMTOOL
  else
    progress 'LEFT OUT: the tests that judge metrics and alerts by promtool, for want of it'
  fi
}

# find_chromium: exports CHROMIUM; says what is left out where it can't be had. Needs $scratch.
find_chromium() {
  if [ -n "${CHROMIUM-}" ] || run "$scripts/get-chromium.sh" >"$scratch/chromium"; then
    CHROMIUM=${CHROMIUM:-$(cat "$scratch/chromium")}
    export CHROMIUM
  else
    progress 'LEFT OUT: the tests of the page in a browser, for want of Chromium'
  fi
}

# --- what a person types ---

# has_kubectl_for_exec: whether kubectl, jq and curl are here, and the kubectl can exec on the local
# cluster; installs what is missing where apt can, else says what it lacks.
has_kubectl_for_exec() {
  local minor tool
  command -v kubectl >/dev/null || apt_install kubernetes-client || true
  command -v jq >/dev/null || apt_install jq || true
  command -v curl >/dev/null || apt_install curl || true
  for tool in kubectl jq curl; do
    command -v "$tool" >/dev/null || {
      progress "there is no $tool, and apt can't install it"
      return 1
    }
  done
  minor=$(kubectl version --client -o json | jq -r '.clientVersion.minor' | sed 's/[^0-9].*//')
  # before 1.30 it speaks only SPDY for exec, which the local cluster does not
  [ "${minor:-0}" -ge 30 ] || {
    progress "kubectl 1.${minor:-?} is too old to exec on the local cluster: that takes 1.30 or newer"
    return 1
  }
}

# --- the build: never a stale one, and none where nothing changed ---

stamp=target/built-from

# need_build: after need_jdk, in the checkout: the jar and all classes are those of these sources.
need_build() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$(sources && outputs)" ] || build
}

# What the build is made from, and what it made, as one hash each. Both count: a build of other
# sources may have been there since, and these sources restored.
sources() { hash_of pom.xml src; }

outputs() { hash_of target/classes target/test-classes target/lib target/bitcoin-controller-*.jar; }

hash_of() {
  find "$@" -type f -exec sha256sum {} + 2>/dev/null | LC_ALL=C sort | sha256sum
}

build() {
  local from
  need_maven
  from=$(sources)
  progress 'building (the first time, Maven fetches its plugins and the libraries: some minutes) ...'
  # Maven recompiles what changed, but keeps the classes of sources that are gone
  rm -rf target/classes target/test-classes target/bitcoin-controller-*.jar
  # neither tests nor the formatter: to see a change at work, it need not be ready to be submitted
  run mvn -B -ntp -Dstyle.color=never -DskipTests -Dspotless.check.skip package \
    >"$scratch/build.log" 2>&1 || {
    grep -E '^\[(WARNING|ERROR)\]' "$scratch/build.log" | head -n 40 >&2
    fail "the build failed: Maven's words are above" \
      "If it could not fetch something, see to the network or to Maven's settings.xml, and try again."
  }
  printf '%s\n' "$from" "$(outputs)" >"$stamp"
}
