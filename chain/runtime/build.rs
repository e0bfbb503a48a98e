//! Compiles the runtime to wasm, which is what the chain runs.

fn main() {
    #[cfg(feature = "std")]
    wasm();
}

#[cfg(feature = "std")]
fn wasm() {
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    // Rust 1.85 as Debian packages it has no std for wasm that runtimes may use, so the builder compiles its own. The
    // target folder need not be inside the workspace, so it is told where Cargo.lock is.
    for (name, value) in [
        ("RUSTC_BOOTSTRAP", "1"),
        ("WASM_BUILD_STD", "1"),
        ("WASM_BUILD_TYPE", "release"),
        ("WASM_BUILD_WORKSPACE_HINT", workspace),
    ] {
        if std::env::var_os(name).is_none() {
            std::env::set_var(name, value);
        }
    }
    substrate_wasm_builder::WasmBuilder::new().with_current_project().export_heap_base().import_memory().build();
}
