# shellcheck shell=bash
# Sourced after tools.sh by the scripts that fetch a program: a copy of programs of one Debian package
# with the libraries they need, fetched and verified by apt with an apt state of its own. No root is
# needed, and nothing is installed on the system.
#
# The script sets: package and programs (both names of Debian's), libraries_wanted (a pattern), by_hand
# (what a person can do instead: a sentence that begins with Install), and a function runs FOLDER
# (whether the programs are there and start).
# shellcheck disable=SC2154 # these are set there

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# need_copy NAME MEGABYTES: afterwards there is a copy in $cache that runs.
need_copy() {
  choose_cache "$1"
  runs "$cache/bin" && return
  check_machine
  lock_cache
  # another run may have made it while this one waited
  runs "$cache/bin" || make_copy "$2"
}

# choose_cache NAME: sets what and cache, a folder outside the checkout, since a checkout is thrown away
# more lightly.
choose_cache() {
  what=$1
  local base
  case ${XDG_CACHE_HOME-} in
    /*) base=$XDG_CACHE_HOME ;; # the XDG rules: one that is not absolute counts for nothing
    *) base=${HOME:+$HOME/.cache} ;;
  esac
  if [ -n "$base" ] && mkdir -p "$base/bitcoin-controller" 2>/dev/null &&
    [ -w "$base/bitcoin-controller" ]; then
    cache=$base/bitcoin-controller/$what
    return
  fi
  base=${TMPDIR:-/tmp}/bitcoin-controller-$(id -u)
  mkdir -m 700 "$base" 2>/dev/null || true
  # what lies there is run: it must be nobody else's
  { [ -O "$base" ] && [ -w "$base" ] && [ ! -L "$base" ]; } ||
    fail "there is no folder to keep $what in: neither HOME nor $base is yours to write" \
      "Set XDG_CACHE_HOME to a folder that you may write to."
  cache=$base/$what
}

check_machine() {
  local tool
  for tool in apt-get apt-cache dpkg dpkg-deb tar flock; do
    command -v "$tool" >/dev/null ||
      fail "no $what is on PATH, and $tool, which could help to fetch one, is not here" "$by_hand"
  done
  [ -r "$keyring" ] ||
    fail "no $what is on PATH, and none can be fetched without the keys in $keyring" \
      "Install the package debian-archive-keyring, or ${by_hand#Install }"
  mirror=${DEBIAN_MIRROR-}
  [ -n "$mirror" ] || mirror=$(debian_mirror)
  [ -n "$mirror" ] ||
    fail "no $what is on PATH, and this machine knows no Debian archive to fetch one from" \
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
    progress "another run is fetching $what: waiting for it ..."
    run flock -w 600 9 ||
      fail "another run has held $cache.lock for ten minutes" \
        "See with 'fuser $cache.lock' which one it is, end it, and try again."
  }
}

# make_copy MEGABYTES: builds aside and renames: a copy at its own name is always whole. Nobody but the
# holder of the lock writes here, so what lies aside is an earlier run's, which was ended.
make_copy() {
  scratch=$cache.new
  rm -rf -- "$scratch"
  mkdir -p "$scratch/apt/lists/partial" "$scratch/apt/archives/partial" "$scratch/debs"
  progress "fetching $what into $cache ($1 MB, once) ..."
  fetch_packages || fail "$what could not be fetched from $mirror: apt's words are above" "$by_hand"
  unpack
  rm -rf -- "$scratch/apt" "$scratch/debs"
  runs "$scratch/bin" || fail "the fetched $what does not run on this machine" "$by_hand"
  rm -rf -- "$cache"
  mv -- "$scratch" "$cache"
  scratch=
}

# Ordinary apt, with its signatures, over a state of our own in which nothing is installed yet. The
# machine's own settings (proxies and the like) hold, but for what apt would do to the machine.
write_apt_conf() {
  local arch
  arch=$(dpkg --print-architecture)
  : >"$scratch/apt/status"
  # the only suite that has bitcoind
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

# The libraries that the package names, of those wanted, and all that those need in turn; what it names
# besides them (debconf, systemd) serves only its system service.
packages() {
  local libraries
  libraries=$(private apt-cache show --no-all-versions "$package" | sed -n 's/^Depends: //p' |
    tr ',|' '\n' | sed 's/^ *//; s/[ :(].*//' | grep "$libraries_wanted" | sort -u)
  [ -n "$libraries" ] || return 1
  printf '%s\n' "$package"
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
  local root=$scratch/root deb library loader program
  mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/usr/bin" "$scratch/bin"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  for deb in "$scratch"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
      --exclude='./usr/share/*' --exclude='./etc/*' --exclude='./usr/lib/*/gconv/*'
  done
  loader=$(cd "$root" && echo usr/lib/*-linux-gnu*/ld-linux-*.so.*)
  library=${loader%/*}
  for program in $programs; do
    cat >"$scratch/bin/$program" <<WRAPPER
#!/bin/sh
root=\${0%/*}/../root
exec "\$root/$loader" --library-path "\$root/$library" --argv0 $program "\$root/usr/bin/$program" "\$@"
WRAPPER
    chmod 755 "$scratch/bin/$program"
  done
}
