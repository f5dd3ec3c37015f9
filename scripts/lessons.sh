#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/lessons.sh [--write]

Opens a page with a dozen lessons: recordings of the controller, with stops at which something is
told. It needs no cluster and no server: the page is one file, target/lessons.html. Without a
browser it prints the file's address.

  --write  plays the lessons in the simulator, and writes their recordings anew; to be used when the
           controller does something otherwise than they show

environment
  JAVA_HOME, MAVEN_HOME  looked at first
  MAVEN_OPTS             kept

exit code: 0 done; 1 something failed, or a tool is missing; 2 wrong usage; 128 + n ended by signal n
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/simulated-jvm.sh"

recordings=src/main/resources/io/bitcoincontroller/recorder/lessons

main() {
  local write=
  for option; do
    case $option in
      --write) write=yes ;;
      -h | --help) usage && exit ;;
      *) misused "unknown option '$option'" ;;
    esac
  done
  cd "$checkout"
  make_scratch
  need_jdk
  need_build
  if [ -n "$write" ]; then
    write_recordings
  else
    open_page
  fi
}

write_recordings() {
  patch_jdk
  run in_simulated_jvm io.bitcoincontroller.sim.lessons.WriteLessons "$scratch/lessons"
  rm -f "$recordings"/*
  cp "$scratch/lessons"/* "$recordings"
  progress "written: $recordings"
}

open_page() {
  local page=$checkout/target/lessons.html
  run java -cp "$(echo target/bitcoin-controller-*.jar)" io.bitcoincontroller.recorder.LessonsFile "$page"
  echo "file://$page"
  if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] && command -v xdg-open >/dev/null; then
    run xdg-open "$page" || progress 'no browser could be started: open the address by hand'
  fi
}

main "$@"
