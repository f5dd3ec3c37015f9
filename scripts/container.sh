# shellcheck shell=bash
# Sourced by the scripts of the image: runs an unpacked root file system as a container, by what
# Linux has and no engine. Needs tools.sh.

# What the Deployment gives the program, but for the port: any free one, on this machine alone.
# shellcheck disable=SC2034 # the scripts that source this use it
pod_arguments=(--log-format=json --bind-address=127.0.0.1:0)

account_folder=var/run/secrets/kubernetes.io/serviceaccount

may_contain() {
  [ "$(uname)" = Linux ] || fail "an image can be run without an engine on Linux only" "Leave that out."
  [ "$(id -u)" = 0 ] || fail "running an image without an engine needs root" "Try again with sudo."
  command -v unshare >/dev/null || fail "unshare is not here" "Install util-linux."
}

# prepare_root ROOT: the mount points that a container engine would make.
prepare_root() {
  mkdir -p "$1/proc" "$1/dev" "$1/run" "$1/$account_folder"
  chmod 755 "$1"
}

# in_container ROOT ACCOUNT COMMAND…: in a process and mount namespace of its own, the root read-only
# and nothing else that could be written, the service account at its place, as user 65532, and with
# no environment but what the kubelet gives. A list of words, since other programs run it; it says
# "exec" when all is prepared.
# shellcheck disable=SC2016,SC2034
in_container=(unshare --mount --pid --fork --kill-child -- sh -euc '
  root=$1 account=$2
  shift 2
  mount --bind "$root" "$root"
  mount --bind "$account" "$root/'"$account_folder"'"
  mount -t proc proc "$root/proc"
  mount --bind -o ro /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  echo exec
  exec env -i PATH="$PATH" KUBERNETES_SERVICE_HOST="$KUBERNETES_SERVICE_HOST" \
    KUBERNETES_SERVICE_PORT="$KUBERNETES_SERVICE_PORT" \
    chroot --userspec=65532:65532 "$root" "$@"
' enter)

# on_machine ACCOUNT COMMAND…: as a process of this machine, with the service account at its place.
# shellcheck disable=SC2016,SC2034
on_machine=(unshare --mount -- sh -euc '
  account=$1
  shift
  mount -t tmpfs tmpfs /run
  mkdir -p "/'"$account_folder"'"
  mount --bind "$account" "/'"$account_folder"'"
  echo exec
  exec "$@"
' enter)

# The local cluster and all that uses it, after need_build.
test_classes() {
  printf 'target/test-classes:%s' "$(echo target/bitcoin-controller-*.jar)"
}
