#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/network.sh [OPTION ...] COMMAND

Looks at a bitcoin network on a cluster, and does things to it, with kubectl and jq.

commands
  status          the network, and its nodes with their addresses
  peers           of each node: its added-node list, and its connections
  connect A B     tells node A of node B by hand (addnode), and B of A
  mine COUNT [NODE]  mines blocks on a node, on node 0 if none is named
  fund ADDRESS BTC [NODE]  pays so many BTC to an address, from a wallet on a node, and mines what that takes
  wait            waits until all nodes are at the same block; prints the height
  replace NODE    deletes a node's pod, and follows its replacement until all is well
  scale COUNT     gives the network so many nodes, and waits until all is well
  lone            starts one bitcoind that belongs to no network, asks it something by curl, ends it

options
  --network NAME      my-network if not given
  -n, --namespace NAME, --context NAME  as for kubectl
  --timeout SECONDS   the longest wait for one thing; 180 if not given
  --image NAME        for lone: an image with bitcoind; bitcoin/bitcoin:29 if not given
  -h, --help          this text

exit code: 0; 1 if something is not there, or did not come in time; 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"

image=bitcoin/bitcoin:29

main() {
  local rest=() command
  kube_options "$@"
  set -- ${words[@]+"${words[@]}"}
  while [ $# -gt 0 ]; do
    case $1 in
      --image)
        [ $# -ge 2 ] || misused "--image needs a value"
        image=$2
        shift
        ;;
      -*) misused "unknown option '$1'" ;;
      *) rest+=("$1") ;;
    esac
    shift
  done
  [ "${#rest[@]}" -gt 0 ] || misused 'a command is missing'
  command=${rest[0]}
  set -- "${rest[@]:1}"
  need_kube_tools
  case $command/$# in
    status/0) status ;;
    peers/0) peers ;;
    connect/2) connect "$1" "$2" ;;
    mine/1 | mine/2) mine "$1" "${2:-0}" ;;
    fund/2 | fund/3) fund "$1" "$2" "${3:-0}" ;;
    wait/0) same_height ;;
    replace/1) replace "$1" ;;
    scale/1) scale "$1" ;;
    lone/0) lone ;;
    status/* | peers/* | connect/* | mine/* | fund/* | wait/* | replace/* | scale/* | lone/*)
      misused "$command has $# arguments, which is the wrong number"
      ;;
    *) misused "unknown command '$command'" ;;
  esac
}

status() {
  local node pod address ready height links
  kube get bitcoinnetwork "$network" 2>/dev/null || read_network
  printf '\n%-5s %-28s %-16s %-6s %-7s %s\n' NODE POD ADDRESS READY HEIGHT PEERS
  of_network '.status.nodes // [] | .[] |
    [.ordinal, .nodeName, (if .ip == "" then "-" else .ip end), .ready, .height // "-", .peers // "-"] | join(" ")' |
    while read -r node pod address ready height links; do
      printf '%-5s %-28s %-16s %-6s %-7s %s\n' "$node" "$pod" "$address" "$ready" "$height" "$links"
    done
  printf '\n'
  of_network '.status.conditions // [] | .[] | "\(.type): \(.status): \(.message)"'
}

peers() {
  local pod
  read_network
  for pod in $(pods); do
    printf '%s lists: %s\n' "$pod" "$(cli "$pod" getaddednodeinfo | jq -r '[.[].addednode] | join(" ")')"
    # an inbound connection comes from any port, and behind some networks from any address
    cli "$pod" getpeerinfo |
      jq -r '.[] | select(.version > 0) | "  \(if .inbound then "from" else "to  " end) \(.addr)"'
  done
}

# A node may know the other already: the controller sees to that.
connect() {
  local a b
  a=$(pod_of "$1") || exit
  b=$(pod_of "$2") || exit
  [ "$a" != "$b" ] || misused 'a node is not connected to itself'
  add "$a" "$(of_network ".status.nodes[$2].ip")"
  add "$b" "$(of_network ".status.nodes[$1].ip")"
}

add() {
  local words
  if words=$(cli "$1" addnode "$2" add 2>&1); then
    printf '%s: added %s\n' "$1" "$2"
  elif [[ $words == *"code: -23"* ]]; then
    printf '%s: has %s already\n' "$1" "$2"
  else
    fail "$1 did not add $2: $words" "See '${kubectl[*]} logs $1'."
  fi
}

# A valid regtest address whose key nobody here needs.
miner=bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080

mine() {
  local pod
  [[ $1 =~ ^[1-9][0-9]{0,3}$ ]] || misused "a number of blocks is from 1 to 9999, not '$1'"
  pod=$(pod_of "$2") || exit
  cli "$pod" generatetoaddress "$1" "$miner" | jq -r '"mined \(length) blocks, the last is \(.[-1])"'
}

# The wallet from which fund pays; it lives as long as the pod's data.
purse=fund

# in_purse POD ARGUMENT…: bitcoin-cli on that wallet.
in_purse() {
  local pod=$1
  shift
  cli "$pod" "-rpcwallet=$purse" "$@"
}

# open_purse POD: makes the wallet, or loads it after a restart of the node.
open_purse() {
  local words
  in_purse "$1" getwalletinfo >/dev/null 2>&1 ||
    cli "$1" loadwallet "$purse" >/dev/null 2>&1 ||
    words=$(cli "$1" createwallet "$purse" 2>&1) ||
    fail "$1 makes no wallet: $words" "Its bitcoind may be built without wallets: use another spec.image."
}

# The blocks after height $height whose new coins are worth $missing BTC; nothing if that is not possible.
# shellcheck disable=SC2016 # the $ is jq's
blocks_worth='[$height, 0, 0] | until(.[2] >= $missing or .[0] >= 4949;
  [.[0] + 1, .[1] + 1, .[2] + (50 / pow(2; ((.[0] + 1) / 150 | floor)))]) | select(.[2] >= $missing) | .[1]'

fund() {
  local address=$1 amount=$2 pod missing count height answer id
  [[ $amount =~ ^[0-9]{1,5}(\.[0-9]{1,8})?$ && $amount =~ [1-9] ]] ||
    misused "an amount is in BTC, such as 1 or 0.5, not '$amount'"
  pod=$(pod_of "$3") || exit
  answer=$(cli "$pod" validateaddress "$address") || fail "$pod does not answer" "See '${kubectl[*]} logs $pod'."
  [ "$(jq .isvalid <<<"$answer")" = true ] ||
    misused "'$address' is no address of regtest: one begins with bcrt1, m, n or 2"
  open_purse "$pod"
  missing=$(in_purse "$pod" getbalances | jq --argjson amount "$amount" '$amount + 0.001 - .mine.trusted')
  if jq -e '. > 0' <<<"$missing" >/dev/null; then
    height=$(cli "$pod" getblockcount)
    count=$(jq -n --argjson height "$height" --argjson missing "$missing" "$blocks_worth")
    [ -n "$count" ] ||
      fail "at height $height no blocks make $missing BTC more: regtest halves the new coins every 150 blocks" \
        'Create the network anew, or pay a smaller amount.'
    cli "$pod" generatetoaddress "$count" "$(in_purse "$pod" getnewaddress)" >/dev/null
    printf 'mined %s blocks to the wallet "%s" of %s\n' "$count" "$purse" "$pod"
    cli "$pod" generatetoaddress 100 "$miner" >/dev/null
    printf 'mined 100 more: the coins of a block can be spent when 100 are above it\n'
  fi
  # a node that has seen no payments can't tell what fee is usual
  answer=$(in_purse "$pod" -named sendtoaddress "address=$address" "amount=$amount" fee_rate=1 2>&1) ||
    fail "$pod does not pay: $answer" "See '${kubectl[*]} exec $pod -- bitcoin-cli -regtest -conf=/bitcoin.conf -rpcwallet=$purse getbalances'."
  id=$(tail -n 1 <<<"$answer")
  cli "$pod" generatetoaddress 1 "$miner" >/dev/null
  in_purse "$pod" gettransaction "$id" |
    jq -r --arg address "$address" --arg amount "$amount" \
      '"paid \($amount) BTC to \($address), in a block of height \(.blockheight // error("the payment is in no block"))"'
}

replace() {
  local pod uid
  pod=$(pod_of "$1") || exit
  uid=$(kube get pod "$pod" -o 'jsonpath={.metadata.uid}')
  kube delete pod "$pod" --timeout="${patience}s"
  follow_pod "$pod" "$uid"
  well ".status.nodes[$1].ip == \"$(kube get pod "$pod" -o 'jsonpath={.status.podIP}')\""
  status
}

scale() {
  [[ $1 =~ ^[0-9]{1,3}$ ]] || misused "a number of nodes is from 0 to 500, not '$1'"
  read_network
  kube scale bitcoinnetwork "$network" --replicas="$1"
  well ".status.readyReplicas == $1"
  status
}

lone_pod=bitcoind-lone

# For the user "user" with the password "password", as in manifests/secret.yaml: known to the whole
# world, and good for this one pod only. $$ is Kubernetes' way to write a $.
lone_manifest() {
  cat <<MANIFEST
apiVersion: v1
kind: Pod
metadata:
  name: $lone_pod
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 10
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: bitcoind
    image: $image
    command: [bitcoind]
    args:
    - -regtest
    - -datadir=/data
    - -server
    - -bind=\$(POD_IP)
    - -rpcbind=\$(POD_IP)
    - -rpcbind=127.0.0.1
    - -rpcallowip=0.0.0.0/0
    - -rpcallowip=::/0
    - -rpcauth=user:${rpcauth/\$/\$\$}
    env:
    - name: POD_IP
      valueFrom: {fieldRef: {fieldPath: status.podIP}}
    ports:
    - {name: rpc, containerPort: 18443}
    readinessProbe:
      exec: {command: [bitcoin-cli, -regtest, -datadir=/data, getnetworkinfo]}
      periodSeconds: 2
      timeoutSeconds: 10
    securityContext:
      readOnlyRootFilesystem: true
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}
    volumeMounts:
    - {name: data, mountPath: /data}
  volumes:
  - name: data
    emptyDir: {}
MANIFEST
}

# shellcheck disable=SC2016 # the $ is meant
rpcauth='5f1e5a0c0ffee5a17ba5eba110ddba11$cb6f678d808009ef96d9f2ffe4567acfd977ce0cd077a1a86ca8d8a40df88477'

lone() {
  local address
  command -v curl >/dev/null || fail 'curl is not on PATH' 'Install it, and try again.'
  lone_manifest | kube apply -f -
  kube wait --for=condition=Ready "pod/$lone_pod" --timeout="${patience}s" ||
    fail "$lone_pod was not ready within ${patience} s" "See '${kubectl[*]} describe pod $lone_pod'."
  address=$(kube get pod "$lone_pod" -o 'jsonpath={.status.podIP}')
  case $address in
    # a cluster on this machine whose pods are processes
    127.*) ask "http://$address:18443/" ;;
    # the address may lead anywhere from here: only the API server knows the way
    *) ask_through_api_server ;;
  esac
  kube delete pod "$lone_pod" --timeout="${patience}s"
}

ask() {
  local answer
  answer=$(curl -sS --max-time 30 --user user:password -H 'Content-Type: application/json' \
    --data '{"jsonrpc": "1.0", "id": "curl", "method": "getnetworkinfo", "params": []}' "$1") ||
    fail "$lone_pod does not answer at $1" "See '${kubectl[*]} logs $lone_pod'."
  printf '%s\n' "$answer" | jq -e '{error, version: .result.version, subversion: .result.subversion}'
}

ask_through_api_server() {
  local forwarder line port
  exec 4< <(exec "${kubectl[@]}" port-forward "pod/$lone_pod" :18443 2>&1)
  forwarder=$!
  read -r -t 30 line <&4 || line=
  [[ $line =~ 127\.0\.0\.1:([0-9]+) ]] ||
    fail "no way to $lone_pod: ${line:-port-forward says nothing}" "Try '${kubectl[*]} port-forward pod/$lone_pod :18443'."
  port=${BASH_REMATCH[1]}
  ask "http://127.0.0.1:$port/"
  kill "$forwarder" 2>/dev/null || true
  exec 4<&-
}

main "$@"
