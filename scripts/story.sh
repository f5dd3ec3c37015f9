# shellcheck shell=bash
# Sourced by walkthrough.sh and reorg.sh, after kube.sh: they print each command, run it, and check
# what came of it.

# checks that passed
passed=0
chapter=
# kubectl and its options, as they are printed
k=kubectl

chapter() {
  chapter=$1
  printf '\n# %s\n' "$chapter"
}

# run_as_typed COMMAND: prints it, runs it in a shell, prints what it prints, which is in $output.
run_as_typed() {
  printf '\n$ %s\n' "$1"
  local code=0
  output=$(bash -c "set -o pipefail; $1" 2>&1) || code=$?
  [ -z "$output" ] || printf '%s\n' "$output"
  return "$code"
}

works() { run_as_typed "$1" || failed "the command ended with exit code $?"; }

failed() {
  printf '\nFAILED: %s: %s\n%s checks had passed.\n' "$chapter" "$1" "$passed" >&2
  exit 1
}

# check WHAT EXPECTED SEEN
check() {
  [ "$2" = "$3" ] || failed "$1: expected '$2', saw '$3'"
  passed=$((passed + 1))
  printf '  ok: %s\n' "$1"
}

wait_until_well() {
  local condition
  for condition in Ready Meshed Synced; do
    works "$k wait --for=condition=$condition bitcoinnetwork/$network --timeout=${patience}s"
  done
}

image=
keep=

# Takes the options of a story: those of kube.sh, --image and --keep.
story_options() {
  kube_options "$@"
  set -- ${words[@]+"${words[@]}"}
  while [ $# -gt 0 ]; do
    case $1 in
      --keep) keep=yes ;;
      --image)
        [ $# -ge 2 ] || misused "--image needs a value"
        image=$2
        shift
        ;;
      *) misused "unknown argument '$1'" ;;
    esac
    shift
  done
}
