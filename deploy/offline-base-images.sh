#!/bin/bash
# Makes the base images of docker-compose.yml and deploy/Dockerfile on a host that cannot reach a container registry, under
# the same names: debian:bookworm-slim, debian:trixie-slim, postgres:17, rust:1.95-bookworm.
#
# They are bootstrapped from a Debian mirror and from a Rust toolchain that is on this host already. Needs root (to bootstrap),
# a running Docker Engine and mmdebstrap.
set -Eeuo pipefail

usage() {
    cat <<'USAGE'
usage: deploy/offline-base-images.sh --rust-sysroot DIR [options]

  --rust-sysroot DIR   the Rust 1.95 toolchain to put into the builder image (`rustc +1.95.0 --print sysroot` prints it)
  --mirror URL         the Debian mirror (default: mmdebstrap's own, with the security archive)
  --site-ca FILE       a certificate authority that the builder image shall trust (an inspecting proxy's)
  --build-network NET  the network for package installation, as for `docker build --network` (default: default)
USAGE
}

rust_sysroot="" mirror=() site_ca=/dev/null build_network=default
while [[ $# -gt 0 ]]; do
    case "$1" in
        --rust-sysroot) rust_sysroot="${2:?--rust-sysroot needs a folder}"; shift 2 ;;
        --mirror) mirror=("${2:?--mirror needs an address}"); shift 2 ;;
        --site-ca) site_ca="${2:?--site-ca needs a file}"; shift 2 ;;
        --build-network) build_network="${2:?--build-network needs a name}"; shift 2 ;;
        --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

fail() {
    echo "offline-base-images: $*" >&2
    exit 1
}

[[ -n "$rust_sysroot" ]] || { usage >&2; exit 2; }
rust_version="$("$rust_sysroot/bin/rustc" --version)" || fail "no working rustc in $rust_sysroot/bin"
[[ "$rust_version" == "rustc 1.95."* ]] || fail "$rust_sysroot holds $rust_version; 1.95 is needed"
command -v mmdebstrap > /dev/null || fail "mmdebstrap is missing; install the package of that name"
docker version > /dev/null 2>&1 || fail "no Docker Engine answers; start it and try again"

recipes="$(cd "$(dirname "$0")/offline" && pwd)"

import_debian() {
    local suite="$1"
    echo "== debian:$suite-slim"
    mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' "$suite" - "${mirror[@]}" \
        | docker import --change 'CMD ["bash"]' - "debian:$suite-slim"
}

build() {
    local image="$1" recipe="$2" context="$3"
    shift 3
    echo "== $image"
    DOCKER_BUILDKIT=1 docker build --network "$build_network" --tag "$image" --file "$recipes/$recipe" "$@" "$context"
}

import_debian bookworm
import_debian trixie
build postgres:17 postgres.Dockerfile "$recipes"
build rust:1.95-bookworm rust.Dockerfile "$rust_sysroot" --secret "id=site_ca,src=$site_ca"

docker run --rm --network none postgres:17 bash -c 'postgres --version'
docker run --rm --network none rust:1.95-bookworm rustc --version
