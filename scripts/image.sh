#!/usr/bin/env bash
set -eu

usage() {
  cat <<'HELP'
usage: scripts/image.sh [--tag NAME] [--load TOOL[:CLUSTER]] [--push] [--unpack FOLDER] [--try]

Builds the controller's image with docker, podman or buildah (the first of these that works here),
and prints its size and digest, by layer and whole. Two builds of one commit give the same layers,
as far as the base images and Debian's packages are the same, but for one: /cache holds a file that
the JVM writes (its ahead-of-time cache), which differs from its header to its end, and with it the
digest of the whole. There are three reasons, and JDK 25 has no flags against all of them:
  - It holds what a run of the program had loaded. Which of two threads comes first decides about
    1 in 100 of these classes and constants.
  - From one such run, two files differ as well: their order follows addresses, which Linux chooses
    at random, and what the JVM's compiler has done by then.
  - Without both (setarch -R, -XX:CICompilerCount=1 -Xbatch) 223 words still differ, and the checksum
    of their part: every soft reference has the time of its making, in ms since the machine's start.

  --tag NAME       the image's name; default: bitcoin-controller:VERSION, of pom.xml
  --load TOOL[:CLUSTER]  then loads it into the nodes of a cluster that kind, minikube or k3d has made;
                   without a name, of the tool's default one
  --push           then pushes it to the registry that NAME begins with
  --unpack FOLDER  then unpacks its root file system into a folder, absent or empty
  --try            then runs that file system, read-only and as user 65532, against a local cluster
                   of real bitcoinds, until three nodes are a network and the controller has ended
                   in order. Linux only, needs root; finds its tools as scripts/demo.sh does.
  -h, --help       this text

environment
  ENGINE  docker, podman or buildah

exit code: 0, or 1 if a tool is missing or something failed, or 2 for wrong usage
HELP
}

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/container.sh"

main() {
  local push=false try=false unpack='' tag='' load=''
  while [ $# -gt 0 ]; do
    case $1 in
      --tag) [ $# -gt 1 ] || misused "--tag needs a name"; tag=$2; shift ;;
      --load) [ $# -gt 1 ] || misused "--load needs kind, minikube or k3d"; load=$2; shift ;;
      --push) push=true ;;
      --unpack) [ $# -gt 1 ] || misused "--unpack needs a folder"; unpack=$2; shift ;;
      --try) try=true ;;
      -h | --help) usage && exit ;;
      *) misused "unknown argument '$1'" ;;
    esac
    shift
  done
  case ${load%%:*} in
    '') ;;
    kind | minikube | k3d)
      command -v "${load%%:*}" >/dev/null || fail "${load%%:*} is not on PATH" "Install it, or leave --load out."
      ;;
    *) misused "--load is for kind, minikube or k3d, not '$load'" ;;
  esac
  if [ -n "$unpack" ]; then
    mkdir -p "$unpack"
    unpack=$(cd "$unpack" && pwd)
    [ -z "$(ls -A "$unpack")" ] || fail "$unpack is not empty" "Name another folder."
  fi
  cd "$checkout"
  version=$(sed -n 's,^  <version>\(.*\)</version>$,\1,p' pom.xml)
  tag=${tag:-bitcoin-controller:$version}
  make_scratch
  choose_engine
  build_image
  save
  describe
  [ -z "$load" ] || load_into "$load"
  ! "$push" || push
  [ -z "$unpack" ] || unpack_into "$unpack"
  ! "$try" || try_it
}

# --- the engine ---

choose_engine() {
  local each
  for each in ${ENGINE:-docker podman buildah}; do
    if works "$each"; then
      engine=$each
      return
    fi
  done
  fail "no ${ENGINE:-docker, podman or buildah} works here" \
    "Install one of them (or start docker's daemon), and try again."
}

works() {
  command -v "$1" >/dev/null || return 1
  case $1 in
    docker | podman) "$1" info >/dev/null 2>&1 ;;
    buildah) buildah images >/dev/null 2>&1 ;;
    *) misused "ENGINE is docker, podman or buildah, not '$1'" ;;
  esac
}

# All files bear the time that is given in the Dockerfile, the same for every commit: so a layer that
# did not change is the same layer, in a registry and on the nodes too.
build_image() {
  local epoch revision options=()
  epoch=$(sed -n 's/^ARG SOURCE_DATE_EPOCH=//p' Dockerfile | head -n 1)
  revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
  [ -z "$(git status --porcelain 2>/dev/null)" ] || revision=$revision-changed
  options+=(--build-arg "SOURCE_DATE_EPOCH=$epoch" --build-arg "VERSION=$version")
  options+=(--build-arg "REVISION=$revision" --tag "$tag" .)
  progress "building $tag with $engine ..."
  case $engine in
    docker) run docker build "${options[@]}" ;;
    podman) run podman build --timestamp "$epoch" "${options[@]}" ;;
    buildah) run buildah build --layers --timestamp "$epoch" "${options[@]}" ;;
  esac >"$scratch/build.log" 2>&1 || {
    tail -n 40 "$scratch/build.log" >&2
    fail "$engine could not build the image: its words are above" \
      "If it could not fetch something, see to the network, and try again."
  }
}

# load_into TOOL[:CLUSTER]: all three take an archive, whichever engine made it.
load_into() {
  local tool=${1%%:*} archive=$scratch/image.tar cluster=()
  case $1 in
    kind:?*) cluster=(--name "${1#*:}") ;;
    minikube:?*) cluster=(--profile "${1#*:}") ;;
    k3d:?*) cluster=(--cluster "${1#*:}") ;;
  esac
  case $tool in
    kind) run kind load image-archive "$archive" ${cluster[@]+"${cluster[@]}"} ;;
    minikube) run minikube image load "$archive" ${cluster[@]+"${cluster[@]}"} ;;
    k3d) run k3d image import "$archive" ${cluster[@]+"${cluster[@]}"} ;;
  esac || fail "$tool could not load the image" "See its words above; is its cluster running?"
}

push() {
  run "$engine" push "$tag" || fail "$engine could not push $tag" "Log in to its registry, and try again."
}

# --- what came out ---

# The image as an archive, and its layers: $scratch/image.tar and $scratch/image. The name is given
# again, since podman and buildah call an image without a registry localhost's, which no node would.
save() {
  local archive=$scratch/image.tar
  case $engine in
    docker) docker save --output "$archive" "$tag" ;;
    podman | buildah) "$engine" push --quiet "$tag" "docker-archive:$archive:$tag" ;;
  esac >&2 || fail "$engine could not save $tag" "See its words above."
  mkdir "$scratch/image"
  tar -x -C "$scratch/image" -f "$archive"
}

# The layers, from the base up; manifest.json is one line.
layers() {
  sed 's/.*"Layers":\[\([^]]*\)\].*/\1/' "$scratch/image/manifest.json" | tr -d '"' | tr ',' '\n'
}

config() {
  printf '%s/%s' "$scratch/image" "$(sed 's/.*"Config":"\([^"]*\)".*/\1/' "$scratch/image/manifest.json")"
}

# The words of its entry point, one a line.
entrypoint() {
  sed 's/.*"Entrypoint":\[\([^]]*\)\].*/\1/' "$(config)" | tr -d '"' | tr ',' '\n'
}

# A layer's digest is that of its plain archive, as in the configuration.
describe() {
  local layer name plain packed whole=0 whole_packed=0
  printf '%12s %12s  %-12s  %s\n' BYTES 'GZIP -9' SHA256 LAYER
  for name in $(layers); do
    # some engines save layers gzip'ed, by a level of their own
    layer=$scratch/layer
    gzip -dcf "$scratch/image/$name" >"$layer"
    plain=$(wc -c <"$layer")
    packed=$(gzip -9nc "$layer" | wc -c)
    printf '%12d %12d  %-.12s  %s\n' "$plain" "$packed" "$(sha256sum <"$layer")" "$(tar -t -f "$layer" | top_of)"
    whole=$((whole + plain)) whole_packed=$((whole_packed + packed))
  done
  rm "$layer"
  printf '%12d %12d  %12s  %s\n' "$whole" "$whole_packed" '' all
  printf 'digest of its configuration, which names all layers: sha256:%s\n' "$(sha256sum <"$(config)" | cut -d ' ' -f 1)"
}

# What a layer is about: the deepest folder that holds all its files.
top_of() {
  grep -v '/$' | awk -F/ '
    NR == 1 { n = NF - 1; for (i = 1; i <= n; i++) part[i] = $i; next }
    { if (NF - 1 < n) n = NF - 1; for (i = 1; i <= n; i++) if ($i != part[i]) { n = i - 1; break } }
    END { for (i = 1; i <= n; i++) path = path "/" part[i]; print path == "" ? "/ (base)" : path }'
}

# The command that the image starts goes with it, beside the folder.
unpack_into() {
  local layer
  for layer in $(layers); do
    tar -x -p -C "$1" -f "$scratch/image/$layer"
  done
  entrypoint >"$1.entrypoint"
}

try_it() {
  local command
  may_contain
  need_jdk
  need_bitcoind
  need_build
  mkdir "$scratch/root" "$scratch/account"
  unpack_into "$scratch/root"
  prepare_root "$scratch/root"
  mapfile -t command <"$scratch/root.entrypoint"
  run java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m -cp "$(test_classes)" \
    io.bitcoincontroller.local.image.Trial manifests "$scratch/account" \
    "${in_container[@]}" "$scratch/root" "$scratch/account" "${command[@]}" "${pod_arguments[@]}" ||
    fail "the image did not do its work: its words are above" "Compare with scripts/demo.sh."
}

main "$@"
