# shellcheck shell=bash
# For sourcing, after tools.sh: a real Kubernetes of this script's own, by the tool realcluster.

# skip WHY WHAT-TO-DO: one line, and a good end.
skip() {
  progress "$(basename "$0"): what needs a real Kubernetes is skipped: $1; $2"
  exit 0
}

# Sets realcluster to the tool, and built to the home that has its binaries.
find_realcluster() {
  local home
  realcluster=${REALCLUSTER:-$checkout/../shared/realcluster}
  [ ! -d "$realcluster" ] || realcluster=$realcluster/realcluster
  [ -x "$realcluster" ] ||
    skip "there is no $realcluster" "set REALCLUSTER to the tool of that name"
  realcluster=$(cd "$(dirname "$realcluster")" && pwd)/$(basename "$realcluster")
  [ "$(id -u)" = 0 ] || skip "realcluster needs root" "run this as root"
  for home in "${REALCLUSTER_HOME:-/nowhere}" "${HOME-}/.cache/realcluster" \
    "$(home_of_user)/.cache/realcluster"; do
    if [ -x "$home/bin/kube-apiserver" ]; then
      built=$(cd "$home" && pwd)
      return
    fi
  done
  skip_unbuilt
}

skip_unbuilt() {
  skip "Kubernetes is not built here" "run '$realcluster build' (7 minutes, once)"
}

# HOME may be anything, such as an empty folder; what was built is the machine's.
home_of_user() { getent 2>/dev/null passwd "$(id -u)" | cut -d: -f6; }

# Its home is empty, but for what was built: the caller may add to it, and set REALCLUSTER_*_ARGS.
prepare_cluster() {
  # shellcheck disable=SC2154 # tools.sh makes scratch
  export REALCLUSTER=$realcluster REALCLUSTER_HOME=$scratch/cluster
  REALCLUSTER_PORT=${REALCLUSTER_PORT:-$(four_free_ports)}
  export REALCLUSTER_PORT
  mkdir "$REALCLUSTER_HOME"
  ln -s "$built/bin" "$built/root" "$REALCLUSTER_HOME"
}

start_cluster() {
  progress "starting a Kubernetes on port $REALCLUSTER_PORT, of the binaries in $built ..."
  # shellcheck disable=SC2034 # tools.sh calls it at the end
  finally=end_cluster
  run "$realcluster" up --fresh >"$scratch/up.log" 2>&1 || {
    # only the tool knows which of its builds is good
    ! grep -q "realcluster build" "$scratch/up.log" || skip_unbuilt
    cat "$scratch/up.log" >&2
    fail "the Kubernetes did not start: its words are above" \
      "See whether '$realcluster check' passes, with a home of its own (REALCLUSTER_HOME)."
  }
}

# shellcheck disable=SC2329 # called at the end
end_cluster() {
  "$realcluster" down >/dev/null 2>&1 </dev/null ||
    progress "the Kubernetes did not end: see '$realcluster down' with REALCLUSTER_HOME=$REALCLUSTER_HOME"
}

# From below the ports that the kernel gives to anybody.
four_free_ports() {
  local port tries
  for ((tries = 0; tries < 100; tries++)); do
    port=$((20000 + RANDOM % 12000))
    if ! taken "$port" && ! taken $((port + 1)) && ! taken $((port + 2)) && ! taken $((port + 3)); then
      echo "$port"
      return
    fi
  done
  fail "there are no four free ports in a row between 20000 and 32000" "Set REALCLUSTER_PORT."
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

