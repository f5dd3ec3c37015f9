#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/mutation.sh [MAVEN ARGUMENT ...]

Breaks the pure parts of the controller in more than a thousand small ways (a condition turned round, a call left
out) and runs their unit tests on each: a mutant that no test notices shows a rule that
nothing holds. Prints what share of the mutants is noticed, by class, and those that are not.
Which classes and tests: the profile "mutation" in pom.xml. Arguments go to Maven:
scripts/mutation.sh -DtargetClasses='io.bitcoincontroller.mesh.*'

The report with the sources is target/mutation/index.html. All of it takes a quarter of an hour of processor
time; a mutant that hangs costs some seconds, more on a busy machine.

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0; 1 if less than 85 % of the mutants are noticed, a test fails without one, or a tool is
missing; 128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

main() {
  local colour=auto code=0
  case ${1-} in
    -h | --help) usage && exit ;;
  esac
  cd "$checkout"
  make_scratch
  need_jdk
  need_maven
  [ -t 1 ] || colour=never
  rm -rf target/mutation
  run mvn -B -ntp -Dstyle.color="$colour" -Pmutation process-test-classes "$@" || code=$?
  [ ! -f target/mutation/mutations.xml ] || report
  return "$code"
}

report() {
  mutants >"$scratch/mutants"
  scores <"$scratch/mutants"
  unnoticed <"$scratch/mutants"
}

# A line for each mutant: class TAB status TAB line TAB what was done. PIT writes one on each line.
mutants() {
  sed -n -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' -e \
    "s|^<mutation .*status='\([A-Z_]*\)'.*<mutatedClass>\([^<\$]*\).*<lineNumber>\([0-9]*\)<.*<description>\(.*\)</description>.*|\2\t\1\t\3\t\4|p" \
    target/mutation/mutations.xml | sort -t "$(printf '\t')" -k 1,1 -k 3,3n -k 4
}

# A mutant that ran into the time limit hangs: that is noticed.
scores() {
  awk -F '\t' '
    function line(name) {
      printf "%5d of %4d  %3d %%  %s\n", noticed[name], all[name], 100 * noticed[name] / all[name], name
    }
    {
      package = $1
      sub(/\.[^.]*$/, "", package)
      if (package != last) { order[++count] = package; last = package }
      if (!($1 in all)) order[++count] = $1
      seen = $2 != "SURVIVED" && $2 != "NO_COVERAGE"
      all[package]++; all[$1]++; all["all together"]++
      noticed[package] += seen; noticed[$1] += seen; noticed["all together"] += seen
      hung += $2 == "TIMED_OUT"
    }
    END {
      if (NR == 0) exit
      print "\nmutants noticed"
      for (i = 1; i <= count; i++) line(order[i])
      line("all together")
      printf "%d of these hung until their time was over\n", hung
    }'
}

# With the line of the source, since most are understood from it alone.
unnoticed() {
  awk -F '\t' '
    $2 == "SURVIVED" || $2 == "NO_COVERAGE" {
      path = $1
      gsub(/\./, "/", path)
      path = "src/main/java/" path ".java"
      if (path != last) {
        if (last == "") print "\nmutants that no test notices"
        print "\n" path
        split("", source)
        for (n = 1; (getline text < path) > 0; n++) source[n] = text
        close(path)
        last = path
      }
      sub(/^ */, "", source[$3])
      printf "%5d  %s\n       %s%s\n", $3, source[$3], $4, $2 == "NO_COVERAGE" ? " (no test runs it)" : ""
    }'
}

main "$@"
