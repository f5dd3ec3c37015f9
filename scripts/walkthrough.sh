#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/walkthrough.sh [OPTION ...]

Goes through "Building a bitcoin controller for Kubernetes, part V - establishing connectivity" on a
cluster on which the controller runs: prints each command, runs it, and checks what came of it. Made
for a network of three nodes, which it creates, and deletes at the end; one that is there already is
used, and stays.

options
  --network NAME      my-network if not given
  -n, --namespace NAME, --context NAME  as for kubectl
  --timeout SECONDS   the longest wait for one thing; 180 if not given
  --image NAME        image of the nodes; the controller's default if not given
  --keep              do not delete the network at the end
  -h, --help          this text

What differs from the text: bitcoin-cli is found on PATH; generatetoaddress does what generate did;
the controller's log is that of a Deployment (-l app=bitcoin-controller).

exit code: 0 every check passed; 1 one failed, or something is missing; 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/story.sh"

made=

main() {
  story_options "$@"
  need_kube_tools
  need_cluster
  # the commands are printed as one types them in the checkout
  cd "$checkout"
  k=${kubectl[*]}
  bitcoin_cli='bitcoin-cli -regtest -conf=/bitcoin.conf'
  a_lone_bitcoind
  a_network
  by_hand
  lists
  mining
  a_lost_pod
  four_nodes
  three_nodes
  the_end
  printf '\nAll %s checks passed.\n' "$passed"
}

addresses() { of_network '.status.nodes[].ip'; }

# check_lists: every node's added-node list holds all the others, and nobody that is gone.
check_lists() {
  local i list
  local -a all
  mapfile -t all < <(addresses)
  for i in "${!all[@]}"; do
    list=$(cli "$network-sts-$i" getaddednodeinfo | jq -r '.[].addednode' |
      sed 's/:18444$//; s/^\[\(.*\)\]$/\1/' | sort)
    check "node $i lists the other $((${#all[@]} - 1))" \
      "$(printf '%s\n' "${all[@]}" | grep -vxF "${all[$i]}" | sort)" "$list"
  done
}

# print_lists NODES: as the text does it.
print_lists() {
  works "for i in $1; do
  echo \"node \$i:\"
  $k exec $network-sts-\$i -- $bitcoin_cli getaddednodeinfo | jq -r '.[].addednode'
done"
}

# --- the story ---

a_lone_bitcoind() {
  chapter 'A single bitcoind answers a JSON-RPC call'
  works "scripts/network.sh lone${k#kubectl}${image:+ --image $image} --timeout $patience"
  check 'curl got an answer without an error' 1 "$(grep -c '"error": null' <<<"$output")"
}

a_network() {
  chapter 'Three nodes become a network'
  kube get bitcoinnetwork "$network" >/dev/null 2>&1 || made=yes
  works "$k apply -f manifests/secret.yaml"
  works "$k apply -f - <<EOF
apiVersion: bitcoincontroller.christianb93.github.com/v1
kind: BitcoinNetwork
metadata:
  name: $network
spec:
  nodes: 3
  secret: bitcoin-default-secret${image:+
  image: $image}
EOF"
  wait_until_well
  works "$k get pods -l app=$network -o wide"
  works "$k get bitcoinnetwork $network"
  works "$k get bitcoinnetwork $network -o json | jq -r '.status.nodes[].ip'"
  check 'three nodes, three addresses' 3 "$(grep . <<<"$output" | sort -u | grep -c .)"
  if kube get deployment bitcoin-controller --namespace bitcoin-controller >/dev/null 2>&1; then
    works "kubectl logs -n bitcoin-controller -l app=bitcoin-controller --tail=3"
  else
    printf '\n(The controller runs outside of this cluster, and its log is there.)\n'
  fi
}

by_hand() {
  chapter 'Node 0 is told of node 1 by hand: it knows already'
  works "$k get bitcoinnetwork $network -o json | jq -r '.status.nodes[1].ip'"
  local ip=$output code=0
  run_as_typed "$k exec $network-sts-0 -- $bitcoin_cli addnode $ip add" || code=$?
  check 'bitcoind says that it has this node (error code 23)' 23 "$code"
  works "$k exec $network-sts-0 -- $bitcoin_cli getaddednodeinfo"
  check 'it is on the list, once' 1 \
    "$(jq --arg ip "$ip" '[.[] | select(.addednode | startswith($ip))] | length' <<<"$output")"
  works "$k exec $network-sts-0 -- $bitcoin_cli getpeerinfo | jq '[.[] | {addr, inbound, version}]'"
  check 'it has two connections or more' true "$(jq 'length >= 2' <<<"$output")"
}

lists() {
  chapter 'Every node lists the other two'
  print_lists '0 1 2'
  check_lists
}

mining() {
  local before
  chapter 'Blocks that node 0 mines are on all nodes'
  before=$(cli "$network-sts-0" getblockcount)
  works "$k exec $network-sts-0 -- $bitcoin_cli generatetoaddress 101 bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080 | jq length"
  check 'node 0 has mined 101 blocks' 101 "$output"
  height=$((before + 101))
  heights '0 1 2'
}

# heights NODES: all are at $height; bitcoind itself waits for that.
heights() {
  local expected=
  for _ in $1; do expected+="$height "; done
  works "for i in $1; do
  $k exec $network-sts-\$i -- $bitcoin_cli waitforblockheight $height $((patience * 1000)) | jq .height
done"
  works "for i in $1; do
  $k exec $network-sts-\$i -- $bitcoin_cli getblockcount
done"
  check "all nodes have $height blocks" "$expected" "$(tr '\n' ' ' <<<"$output")"
}

a_lost_pod() {
  local old new uid
  chapter 'Pod 0 is deleted: its replacement is known everywhere, and has the blocks'
  old=$(of_network '.status.nodes[0].ip')
  uid=$(kube get pod "$network-sts-0" -o 'jsonpath={.metadata.uid}')
  works "$k delete pod $network-sts-0 --timeout=${patience}s"
  follow_pod "$network-sts-0" "$uid"
  new=$(kube get pod "$network-sts-0" -o 'jsonpath={.status.podIP}')
  well ".status.nodes[0].ip == \"$new\""
  works "$k get pod $network-sts-0 -o wide"
  printf '(Its address was %s.)\n' "$old"
  print_lists '0 1 2'
  check_lists
  if [ "$old" != "$new" ]; then
    check 'nobody lists the old address' 0 "$(grep -cxF "$old" <<<"$output" || true)"
  fi
  heights '0 1 2'
}

four_nodes() {
  chapter 'A fourth node joins, and has the blocks'
  works "$k scale bitcoinnetwork $network --replicas=4"
  wait_until_well
  well '.status.readyReplicas == 4'
  works "$k get pods -l app=$network"
  print_lists '0 1 2 3'
  check_lists
  heights '0 1 2 3'
}

three_nodes() {
  chapter 'It leaves, and the lists shrink'
  works "$k scale bitcoinnetwork $network --replicas=3"
  wait_until_well
  well '.status.readyReplicas == 3'
  print_lists '0 1 2'
  check_lists
  works "$k describe bitcoinnetwork $network | sed -n '/^Events:/,\$p'"
  check 'describe shows events' true "$(grep -q bitcoin-controller <<<"$output" && echo true)"
}

the_end() {
  [ -n "$made" ] && [ -z "$keep" ] || return 0
  chapter 'With the network goes all that was made for it'
  works "$k delete bitcoinnetwork $network --timeout=${patience}s"
  # an old kubectl calls it an error when nothing is left to wait for
  run_as_typed "$k wait --for=delete pod -l app=$network --timeout=${patience}s" || true
  works "$k get pods,statefulsets,services -l app=$network"
  check 'nothing is left' 1 "$(grep -c 'No resources found' <<<"$output")"
}

main "$@"
