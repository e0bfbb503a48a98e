# shellcheck shell=bash
# Sourced by the other scripts: where things are, which toolchain, how to speak.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

rust_version=1.85.0
debian_toolchain=amanah-1.85

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/amanah/target}
export AMANAH_BUNDLES=${AMANAH_BUNDLES:-$CARGO_TARGET_DIR/bundles}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() { printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Does the toolchain named $1 have what contracts need: rustc 1.85, clippy, the sources of std, a std for wasm, a linker for wasm?
toolchain_complete() {
    local sysroot
    sysroot=$(rustup run "$1" rustc --print sysroot 2>/dev/null) || return 1
    rustup run "$1" rustc --version 2>/dev/null | grep -q "^rustc $rust_version" || return 1
    rustup run "$1" cargo clippy --version >/dev/null 2>&1 || return 1
    [ -e "$sysroot/lib/rustlib/src/rust/library/core/src/lib.rs" ] || return 1
    compgen -G "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null || return 1
    [ -x "$sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld" ]
}

# Prints the first complete toolchain; AMANAH_TOOLCHAIN=rustup or =debian considers only that kind.
find_toolchain() {
    if [ "${AMANAH_TOOLCHAIN:-rustup}" = rustup ] && toolchain_complete "$rust_version"; then
        echo "$rust_version"
    elif [ "${AMANAH_TOOLCHAIN:-debian}" = debian ] && toolchain_complete "$debian_toolchain"; then
        echo "$debian_toolchain"
    else
        return 1
    fi
}

# Is the program $1 newer than all that it was made of, in this checkout? Cargo lists that beside it.
is_fresh() {
    local file=$CARGO_TARGET_DIR/debug/$1 part
    case $root in *' '*) return 1 ;; esac
    [ -x "$file" ] && grep -qF " $root/" "$file.d" || return 1
    for part in Cargo.lock $(git ls-files '*Cargo.toml' || echo "$file") $(sed 's/^[^:]*: //' "$file.d"); do
        [ "$file" -nt "$part" ] || return 1
    done
}

# Compiles the program $1, which is called as its package is, unless it is fresh. Cargo itself would compile hundreds of crates again
# after a command that selected other packages, as scripts/test does, because features add up.
program() {
    is_fresh "$1" || cargo build --locked -p "$1"
}

# Compiles all packages with their tests, as scripts/test needs them: one selection, so that features are the same for all.
everything() {
    cargo build --locked --workspace --all-targets
    # A program that cargo finds to be up to date keeps its old time, by which is_fresh would take it for outdated.
    find "$CARGO_TARGET_DIR/debug" -maxdepth 1 -type f -name 'amanah*' -perm -u+x -exec touch {} +
}

# Runs the program that builds bundles.
bundler() {
    program amanah-bundler
    RUST_BACKTRACE=0 "$CARGO_TARGET_DIR/debug/amanah-bundler" "$@"
}

# Makes plain `cargo` in the caller mean the toolchain that setup prepared.
use_toolchain() {
    RUSTUP_TOOLCHAIN=$(find_toolchain) || die "no complete Rust $rust_version toolchain; run scripts/setup"
    export RUSTUP_TOOLCHAIN
    # contract-build runs `cargo clippy`: the clippy of the same version must be the one found first.
    local bin
    bin=$(dirname "$(rustup which cargo)")
    PATH=$bin:$PATH
    export PATH
}
