# shellcheck shell=bash
# Sourced by network.sh, walkthrough.sh and reorg.sh: options, and what they do with kubectl and jq. They work
# with any kubectl since 1.20, on any cluster, with or without a terminal.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

network=my-network
# kubectl and the options that choose the cluster and the namespace, as a user would type them
kubectl=(kubectl)
# how long to wait for one thing, in seconds
patience=180
# what is left of the command line
words=()

# kube_option OPTION VALUE: takes one of the common options; false if it is none.
kube_option() {
  case $1 in
    --network) network=$2 ;;
    --namespace | -n | --context) kubectl+=("$1" "$2") ;;
    --timeout)
      [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || misused "--timeout is a number of seconds, not '$2'"
      patience=$2
      ;;
    *) return 1 ;;
  esac
}

# kube_options ARGUMENT…: takes the common options, and leaves the others in words.
kube_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage && exit ;;
      --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
      --network | --namespace | -n | --context | --timeout)
        [ $# -ge 2 ] || misused "$1 needs a value"
        kube_option "$1" "$2"
        shift
        ;;
      *) words+=("$1") ;;
    esac
    shift
  done
}

kube() { "${kubectl[@]}" "$@"; }

need_kube_tools() {
  command -v kubectl >/dev/null ||
    fail 'kubectl is not on PATH' 'Install it (on Debian: apt-get install kubernetes-client), and try again.'
  command -v jq >/dev/null ||
    fail 'jq is not on PATH' 'Install it (on Debian: apt-get install jq), and try again.'
}

# need_cluster: the end, with advice, if kubectl reaches none.
need_cluster() {
  local words
  words=$("${kubectl[@]}" version 2>&1 >/dev/null) ||
    fail "kubectl reaches no cluster: $(printf '%s\n' "$words" | tail -n 1)" \
      "See to KUBECONFIG, or use --context; a cluster on this machine is made by scripts/demo.sh --keep."
}

# kind_of_trouble ERRORS: what kubectl's words mean, and what to do; the end.
explain_trouble() {
  case $1 in
    *NotFound*)
      fail "there is no BitcoinNetwork '$network' where kubectl looked" \
        "See '${kubectl[*]} get bitcoinnetworks --all-namespaces', and use --network and --namespace."
      ;;
    *"doesn't have a resource type"*)
      fail 'this cluster knows no BitcoinNetworks' "Install the controller: kubectl apply -k manifests"
      ;;
    *)
      progress "$1"
      fail "kubectl can't read the network '$network'" 'Its words are above: see to KUBECONFIG, or use --context.'
      ;;
  esac
}

# read_network: the network as JSON in $json; the end if it can't be read.
read_network() {
  json=$(kube get bitcoinnetwork "$network" -o json 2>&1) || explain_trouble "$json"
}

# of_network FILTER: what jq finds in the network now.
of_network() {
  read_network
  jq -r "$1" <<<"$json"
}

# pods: the names of the pods that are there, in the order of their nodes.
pods() { of_network '.status.nodes // [] | .[] | select(.ip != "") | .nodeName'; }

# pod_of NODE: the name of a node's pod; the end if there is none.
pod_of() {
  local pod
  [[ $1 =~ ^[0-9]{1,3}$ ]] || misused "a node is a number from 0, not '$1'"
  pod=$(of_network ".status.nodes[$1] // {} | select((.ip // \"\") != \"\") | .nodeName") || exit
  [ -n "$pod" ] ||
    fail "node $1 of $network has no pod" "See '$(basename "$0") status' for those that have."
  printf '%s\n' "$pod"
}

# cli POD ARGUMENT…: bitcoin-cli in a pod.
cli() {
  local pod=$1
  shift
  kube exec "$pod" -- bitcoin-cli -regtest -conf=/bitcoin.conf "$@"
}

# watch_until FILTER KUBECTL-ARGUMENT…: watches objects until jq's filter holds for one of them; false
# if that takes too long. Only one that is there already or comes counts, not one that goes. No argument
# may be an object's name: kubectl reads it, opens a watch, and drops the first event, also if the object
# has changed in between. A field selector makes a list of it, and a watch from there on.
watch_until() {
  local filter=$1 watcher code=0
  shift
  exec 3< <(exec "${kubectl[@]}" get "$@" --watch -o json --request-timeout="${patience}s" 2>/dev/null)
  watcher=$!
  jq -n -e "first(inputs | select($filter)) | true" <&3 >/dev/null 2>&1 || code=1
  exec 3<&-
  kill "$watcher" 2>/dev/null || true
  return "$code"
}

# watch_network FILTER: the same for the network alone.
watch_network() { watch_until "$1" bitcoinnetwork --field-selector "metadata.name=$network"; }

# all_well: jq's filter for a network whose status is of its present spec, and good in every way.
all_well='.status.observedGeneration == .metadata.generation
  and ([.status.conditions[]? | select(.status == "True") | .type] | contains(["Ready", "Meshed", "Synced"]))'

# well [FILTER]: waits until the network is all well, and the filter holds too.
well() {
  watch_network "$all_well and (${1:-true})" ||
    fail "$network was not well within ${patience} s: $(of_network '[.status.conditions[]? | select(.status != "True") | .message] | join("; ")')" \
      "See '${kubectl[*]} describe bitcoinnetwork $network', or wait longer with --timeout."
}

# all_there: jq's filter for a network all of whose wanted nodes are ready.
all_there='.status.observedGeneration == .metadata.generation and .status.readyReplicas == .spec.nodes'

# same_height: waits until all nodes are there and have the block that the highest has; prints the
# height.
same_height() {
  local pod best=0 block='' height answer
  local -a all
  read_network
  watch_network "$all_there" ||
    fail "not all nodes of $network were ready within ${patience} s" \
      "See '${kubectl[*]} describe bitcoinnetwork $network', or wait longer with --timeout."
  mapfile -t all < <(pods)
  [ "${#all[@]}" -gt 0 ] || fail "$network has no nodes" "Scale it up: $(basename "$0") scale 3"
  for pod in "${all[@]}"; do
    answer=$(cli "$pod" getblockchaininfo) || fail "$pod does not answer" "See '${kubectl[*]} logs $pod'."
    height=$(jq .blocks <<<"$answer")
    if [ "$height" -ge "$best" ]; then
      best=$height
      block=$(jq -r .bestblockhash <<<"$answer")
    fi
  done
  for pod in "${all[@]}"; do
    # bitcoind itself waits, and answers with the block that it has then
    answer=$(cli "$pod" waitforblockheight "$best" $((patience * 1000))) ||
      fail "$pod does not answer" "See '${kubectl[*]} logs $pod'."
    [ "$(jq -r .hash <<<"$answer")" = "$block" ] ||
      fail "$pod is at block $(jq .height <<<"$answer"), not at $best, after ${patience} s" \
        "See '$(basename "$0") peers' for its connections."
  done
  printf '%s\n' "$best"
}

# follow_pod POD UID: waits until another pod of that name, not the one of that uid, is ready.
follow_pod() {
  local pod=$1
  watch_until ".metadata.uid != \"$2\" and (.metadata.deletionTimestamp | not)
    and any(.status.conditions[]?; .type == \"Ready\" and .status == \"True\")" \
    pods --field-selector "metadata.name=$pod" ||
    fail "no new pod $pod was ready within ${patience} s" "See '${kubectl[*]} describe pod $pod'."
}
