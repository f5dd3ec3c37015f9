#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/reorg.sh [OPTION ...]

Tells the story of a fork and a reorg on a cluster on which the controller runs: a network of five
nodes is split 3/2, three blocks are mined on one side and five on the other, the sides are joined,
and the shorter one reorganises by three blocks. Prints each command, runs it, and checks what came
of it. The network is created, and deleted at the end; one that is there already is not touched.

options
  --network NAME      reorg if not given
  -n, --namespace NAME, --context NAME  as for kubectl
  --timeout SECONDS   the longest wait for one thing; 180 if not given
  --image NAME        image of the nodes; the controller's default if not given
  --keep              do not delete the network at the end
  -h, --help          this text

exit code: 0 every check passed; 1 one failed, or something is missing; 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/kube.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/story.sh"

main() {
  network=reorg
  story_options "$@"
  need_kube_tools
  need_cluster
  cd "$checkout"
  k=${kubectl[*]}
  bitcoin_cli='bitcoin-cli -regtest -conf=/bitcoin.conf'
  # of two miners: at one height they never make the same block
  one_miner=bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080
  other_miner='raw(51)#8lvh9jxk'
  five_nodes
  a_split
  two_chains
  a_reorg
  the_end
  printf '\nAll %s checks passed.\n' "$passed"
}

# shows FILTER: waits until the status is of the present spec, and jq's filter holds.
shows() {
  watch_network ".status.observedGeneration == .metadata.generation and ($1)" ||
    failed "the status did not show it within $patience s: $1"
}

# height_and_tip NODE: as "104 0f9188f1…"
height_and_tip() {
  printf '%s %s' "$(cli "$network-sts-$1" getblockcount)" \
    "$(cli "$network-sts-$1" getbestblockhash)"
}

# on_one_tip HEIGHT NODE ...: all have this height and one tip, which is in $tip then.
on_one_tip() {
  local height=$1 node
  shift
  for node; do
    works "$k exec $network-sts-$node -- $bitcoin_cli waitforblockheight $height $((patience * 1000)) | jq .height"
  done
  tip=$(height_and_tip "$1")
  for node; do
    check "node $node has $height blocks, the last is $(cut -c "1-8" <<<"${tip#* }")..." "$tip" "$(height_and_tip "$node")"
  done
}

# connections_across: how many connections lead from a node of one side to one of the other.
connections_across() {
  local from to ip count=0
  for from in 0 1 2 3 4; do
    for to in 0 1 2 3 4; do
      if [ $((from < 3)) != $((to < 3)) ]; then
        ip=$(of_network ".status.nodes[$to].ip")
        count=$((count + $(cli "$network-sts-$from" getpeerinfo |
          jq --arg ip "$ip" '[.[] | select(.inbound | not) | .addr
            | select(. == $ip or startswith($ip + ":") or startswith("[" + $ip + "]"))] | length')))
      fi
    done
  done
  printf '%s\n' "$count"
}

# --- the story ---

five_nodes() {
  chapter 'Five nodes on one chain'
  ! kube get bitcoinnetwork "$network" >/dev/null 2>&1 ||
    failed "there is a network $network already; name another one with --network"
  works "$k apply -f - <<EOF
apiVersion: bitcoincontroller.christianb93.github.com/v1
kind: BitcoinNetwork
metadata:
  name: $network
spec:
  nodes: 5${image:+
  image: $image}
EOF"
  wait_until_well
  works "$k exec $network-sts-0 -- $bitcoin_cli generatetoaddress 101 $one_miner | jq length"
  on_one_tip 101 0 1 2 3 4
}

a_split() {
  chapter 'The network splits: nodes 0, 1 and 2 on one side, 3 and 4 on the other'
  works "$k patch bitcoinnetwork $network --type=merge -p '{\"spec\":{\"partition\":[[0,1,2],[3,4]]}}'"
  shows 'any(.status.conditions[]?; .type == "Meshed" and .status == "True")'
  works "$k get bitcoinnetwork $network -o json | jq -r '.status.conditions[] | select(.type == \"Meshed\") | .message'"
  check 'Meshed says 2 partitions' 1 "$(grep -c '^2 partitions: 4 of 4 links are up' <<<"$output")"
  check 'no connection leads across' 0 "$(connections_across)"
}

two_chains() {
  chapter 'Three blocks on one side, five on the other'
  works "$k exec $network-sts-3 -- $bitcoin_cli generatetoaddress 3 $one_miner | jq length"
  works "$k exec $network-sts-0 -- $bitcoin_cli generatetodescriptor 5 '$other_miner' | jq length"
  on_one_tip 104 3 4
  shorter=${tip#* }
  on_one_tip 106 0 1 2
  taller=$tip
  shows '.status.tips == 2 and .status.height == 104'
  works "$k get bitcoinnetwork $network -o wide"
  works "$k get bitcoinnetwork $network -o json | jq -r '.status.conditions[] | select(.type == \"Synced\") | .reason, .message'"
  check 'Synced is False with the reason Partitioned' Partitioned "$(head -n 1 <<<"$output")"
}

a_reorg() {
  chapter 'The sides are joined: the shorter chain gives way'
  works "$k patch bitcoinnetwork $network --type=merge -p '{\"spec\":{\"partition\":null}}'"
  on_one_tip 106 0 1 2 3 4
  check 'it is the taller chain' "$taller" "$tip"
  works "$k exec $network-sts-3 -- $bitcoin_cli getchaintips"
  check 'node 3 reorganised by three blocks' 3 \
    "$(jq --arg tip "$shorter" '.[] | select(.hash == $tip and .status == "valid-fork") | .branchlen' <<<"$output")"
  wait_until_well
  watch_until '.reason == "Reorganised" and (.regarding.name == "'"$network"'")' events.events.k8s.io ||
    failed 'no event told of a reorg'
  works "$k describe bitcoinnetwork $network | sed -n '/^Events:/,\$p'"
  check 'an event tells the depth' 1 "$(grep -c 'a reorg of 3 blocks on nodes 3-4' <<<"$output")"
}

the_end() {
  [ -z "$keep" ] || return 0
  chapter 'The end'
  works "$k delete bitcoinnetwork $network --timeout=${patience}s"
}

main "$@"
