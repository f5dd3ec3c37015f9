#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/end-to-end.sh --controller IMAGE --bitcoind IMAGE [OPTION ...]

Installs the controller on a cluster that has none (kubectl apply -k manifests, with the image given),
goes through scripts/walkthrough.sh with it, and takes everything away again. It asks the cluster's
administrator's rights, and that its nodes can get both images.

  --controller IMAGE  the controller's image
  --bitcoind IMAGE    an image with bitcoind and bitcoin-cli on its PATH
  --context NAME      the cluster, as a context of the kubeconfig; its current one if not given
  -n, --namespace NAME  made for the network, and deleted: bitcoin-end-to-end if not given
  --timeout SECONDS   the longest wait for one thing; 180 if not given
  -h, --help          this text

exit code: 0 everything passed; 1 something failed; 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"

controller_image=
bitcoind_image=
namespace=bitcoin-end-to-end
context=()
installed=

main() {
  parse "$@"
  need_kube_tools
  cd "$checkout"
  check_cluster
  trap 'clean_up; at_exit' EXIT
  installed=yes
  install
  scripts/walkthrough.sh ${context[@]+"${context[@]}"} --namespace "$namespace" --image "$bitcoind_image" --timeout "$patience" ||
    broken 'the walkthrough failed'
  check_log
  clean_up
  progress 'The whole run passed.'
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage && exit ;;
      --controller | --bitcoind | --context | --namespace | -n | --timeout)
        [ $# -ge 2 ] || misused "$1 needs a value"
        ;;
    esac
    case $1 in
      --controller) controller_image=$2 ;;
      --bitcoind) bitcoind_image=$2 ;;
      --namespace | -n) namespace=$2 ;;
      --context)
        context=(--context "$2")
        kubectl+=(--context "$2")
        ;;
      --timeout) kube_option "$1" "$2" ;;
      *) misused "unknown argument '$1'" ;;
    esac
    shift 2
  done
  [ -n "$controller_image" ] || misused '--controller is missing'
  [ -n "$bitcoind_image" ] || misused '--bitcoind is missing'
}

# What is there already is somebody's, and would be deleted at the end.
check_cluster() {
  local there
  there=$(kube get customresourcedefinitions,namespaces -o name) ||
    fail "kubectl can't reach the cluster" 'Its words are above: see to KUBECONFIG, or use --context.'
  there=$(grep -E "/(bitcoinnetworks\.|bitcoin-controller$|$namespace$)" <<<"$there" || true)
  [ -z "$there" ] ||
    fail "the cluster has $(tr '\n' ' ' <<<"$there")already" 'Use another cluster, or delete that.'
}

# manifests: all that apply -k would, with the image that is to be tried.
manifests() {
  kubectl kustomize manifests | sed "s|^\( *\)image: bitcoin-controller:.*|\1image: $controller_image|"
}

install() {
  manifests | kube apply -f -
  kube wait --for=condition=established --timeout="${patience}s" \
    crd/bitcoinnetworks.bitcoincontroller.christianb93.github.com
  kube rollout status deployment/bitcoin-controller -n bitcoin-controller --timeout="${patience}s" ||
    broken 'the controller does not get ready'
  kube get pods -n bitcoin-controller -o wide
  kube create namespace "$namespace"
}

# Nothing is forbidden to the controller: its rights are what it needs.
check_log() {
  local forbidden
  forbidden=$(kube logs -n bitcoin-controller -l app=bitcoin-controller --tail=-1 | grep -w 403 || true)
  [ -z "$forbidden" ] || broken "the controller was refused something: $forbidden"
}

broken() {
  {
    kube get pods --all-namespaces -o wide
    kube logs -n bitcoin-controller -l app=bitcoin-controller --tail=20
    kube get events -n "$namespace"
  } >&2 || true
  fail "$1" "What the cluster says is above."
}

# The network first: its end is the controller's work.
clean_up() {
  [ -n "$installed" ] || return 0
  installed=
  progress 'taking everything away ...'
  kube delete namespace "$namespace" --ignore-not-found --timeout="${patience}s" >&2 || true
  manifests | kube delete --ignore-not-found --timeout="${patience}s" -f - >&2 || true
}

main "$@"
