#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/get-bitcoind.sh

Prints the folder that holds bitcoind and bitcoin-cli: the one on PATH where both are there, else a
private copy that is fetched once and kept.

The copy is Debian's bitcoin-knots package with the libraries it needs, fetched and verified by apt
with an apt state of its own: no root is needed, and nothing is installed on the system. 23 MB come
over the network, 49 MB are kept in ${XDG_CACHE_HOME:-~/.cache}/bitcoin-controller/bitcoind (without
a home folder: in a folder of yours under ${TMPDIR:-/tmp}). Remove that folder to fetch it anew.

environment
  DEBIAN_MIRROR  the Debian archive to fetch from; default: the one that this machine's apt uses

exit code: 0, or 1 with two lines on standard error, or 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
by_hand='Install bitcoind and bitcoin-cli 28 or newer yourself, put both on PATH, and try again.'

main() {
  case ${1-} in
    '') ;;
    -h | --help) usage && exit ;;
    *) misused "unknown argument '$1'" ;;
  esac
  folder_on_path && return
  choose_cache
  if ! runs "$cache/bin"; then
    check_machine
    lock_cache
    # another run may have made it while this one waited
    runs "$cache/bin" || make_copy
  fi
  printf '%s\n' "$cache/bin"
}

folder_on_path() {
  local daemon client
  daemon=$(command -v bitcoind) && client=$(command -v bitcoin-cli) || return 1
  daemon=$(cd "$(dirname "$daemon")" && pwd)
  client=$(cd "$(dirname "$client")" && pwd)
  if [ "$daemon" != "$client" ]; then
    progress "bitcoind is in $daemon but bitcoin-cli in $client: looking elsewhere for a pair"
    return 1
  fi
  printf '%s\n' "$daemon"
}

# runs FOLDER: whether both programs are there and start.
runs() {
  [ -x "$1/bitcoind" ] && [ -x "$1/bitcoin-cli" ] &&
    "$1/bitcoind" -version >/dev/null 2>&1 && "$1/bitcoin-cli" -version >/dev/null 2>&1
}

# Sets cache: a folder outside the checkout, since a checkout is thrown away more lightly.
choose_cache() {
  local base
  case ${XDG_CACHE_HOME-} in
    /*) base=$XDG_CACHE_HOME ;; # the XDG rules: one that is not absolute counts for nothing
    *) base=${HOME:+$HOME/.cache} ;;
  esac
  if [ -n "$base" ] && mkdir -p "$base/bitcoin-controller" 2>/dev/null &&
    [ -w "$base/bitcoin-controller" ]; then
    cache=$base/bitcoin-controller/bitcoind
    return
  fi
  base=${TMPDIR:-/tmp}/bitcoin-controller-$(id -u)
  mkdir -m 700 "$base" 2>/dev/null || true
  # what lies there is run: it must be nobody else's
  { [ -O "$base" ] && [ -w "$base" ] && [ ! -L "$base" ]; } ||
    fail "there is no folder to keep bitcoind in: neither HOME nor $base is yours to write" \
      "Set XDG_CACHE_HOME to a folder that you may write to."
  cache=$base/bitcoind
}

check_machine() {
  local tool
  for tool in apt-get apt-cache dpkg dpkg-deb tar flock; do
    command -v "$tool" >/dev/null ||
      fail "no bitcoind is on PATH, and $tool, which could help to fetch one, is not here" "$by_hand"
  done
  [ -r "$keyring" ] ||
    fail "no bitcoind is on PATH, and none can be fetched without the keys in $keyring" \
      "Install the package debian-archive-keyring, or bitcoind and bitcoin-cli 28 or newer on PATH."
  mirror=${DEBIAN_MIRROR-}
  [ -n "$mirror" ] || mirror=$(debian_mirror)
  [ -n "$mirror" ] ||
    fail 'no bitcoind is on PATH, and this machine knows no Debian archive to fetch one from' \
      "${by_hand%, and try again.} (or set DEBIAN_MIRROR), and try again."
}

# The archive that this machine is set up with. Its label is known once apt has been updated; on a
# machine where it never was, the usual end of the address has to do.
debian_mirror() {
  # shellcheck disable=SC2016 # apt-get expands these
  {
    apt-get indextargets --format '$(LABEL)|$(SITE)' 'Created-By: Packages' | sed -n 's/^Debian|//p'
    apt-get --print-uris update | sed -n "s,^'\(.*/debian\)/*/dists/.*,\1,p"
  } 2>/dev/null | sed -n 1p
}

# The lock goes with this process, however it ends.
lock_cache() {
  exec 9>"$cache.lock"
  flock -n 9 || {
    progress 'another run is fetching bitcoind: waiting for it ...'
    run flock -w 600 9 ||
      fail "another run has held $cache.lock for ten minutes" \
        "See with 'fuser $cache.lock' which one it is, end it, and try again."
  }
}

# Builds aside and renames: a copy at its own name is always whole. Nobody but the holder of the
# lock writes here, so what lies aside is an earlier run's, which was ended.
make_copy() {
  scratch=$cache.new
  rm -rf -- "$scratch"
  mkdir -p "$scratch/apt/lists/partial" "$scratch/apt/archives/partial" "$scratch/debs"
  progress "fetching bitcoind into $cache (23 MB, once) ..."
  fetch_packages || fail "bitcoind could not be fetched from $mirror: apt's words are above" "$by_hand"
  unpack
  rm -rf -- "$scratch/apt" "$scratch/debs"
  runs "$scratch/bin" || fail 'the fetched bitcoind does not run on this machine' "$by_hand"
  rm -rf -- "$cache"
  mv -- "$scratch" "$cache"
  scratch=
  progress "fetched $("$cache/bin/bitcoind" -version | head -n 1)"
}

# Ordinary apt, with its signatures, over a state of our own in which nothing is installed yet. The
# machine's own settings (proxies and the like) hold, but for what apt would do to the machine.
write_apt_conf() {
  local arch
  arch=$(dpkg --print-architecture)
  : >"$scratch/apt/status"
  # sid is the only suite that has it
  printf 'deb [signed-by=%s arch=%s] %s sid main\n' "$keyring" "$arch" "$mirror" \
    >"$scratch/apt/sources.list"
  cat >"$scratch/apt/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "$scratch/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$scratch/apt";
Dir::State::Lists "$scratch/apt/lists";
Dir::State::Status "$scratch/apt/status";
Dir::Cache "$scratch/apt";
Dir::Cache::Archives "$scratch/apt/archives";
Dir::Log "$scratch/apt";
APT::Sandbox::User "$(id -un)";
APT::Architecture "$arch";
APT::Architectures "$arch";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
}

# The libraries that the package names, and all that those need in turn; what it names besides them
# (debconf, systemd) serves only its system service.
packages() {
  local libraries
  libraries=$(private apt-cache show --no-all-versions bitcoin-knots | sed -n 's/^Depends: //p' |
    tr ',|' '\n' | sed 's/^ *//; s/[ :(].*//' | grep '^lib' | sort -u)
  [ -n "$libraries" ] || return 1
  echo bitcoin-knots
  # shellcheck disable=SC2086 # one word each
  private apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances $libraries | grep '^[a-z0-9]' | grep -v -e '^debconf' -e '^cdebconf' | sort -u
}

# private TOOL ARGUMENT…: apt-get or apt-cache on our state.
private() {
  local tool=$1
  shift
  "$tool" -qq -c "$scratch/apt/apt.conf" "$@"
}

fetch_packages() {
  local wanted
  write_apt_conf
  run private apt-get update || return 1
  wanted=$(packages) || return 1
  # shellcheck disable=SC2086 # one word each
  (cd "$scratch/debs" && exec apt-get -qq -c "$scratch/apt/apt.conf" download $wanted)
}

# The copy brings its own C library, since Debian's newest may need a newer one than the machine's:
# each program starts through the loader that belongs to it.
unpack() {
  local root=$scratch/root package library loader program
  mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/usr/bin" "$scratch/bin"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  for package in "$scratch"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
      --exclude='./usr/share/*' --exclude='./etc/*' --exclude='./usr/lib/*/gconv/*'
  done
  loader=$(cd "$root" && echo usr/lib/*-linux-gnu*/ld-linux-*.so.*)
  library=${loader%/*}
  for program in bitcoind bitcoin-cli; do
    cat >"$scratch/bin/$program" <<WRAPPER
#!/bin/sh
root=\${0%/*}/../root
exec "\$root/$loader" --library-path "\$root/$library" --argv0 $program "\$root/usr/bin/$program" "\$@"
WRAPPER
    chmod 755 "$scratch/bin/$program"
  done
}

main "$@"
