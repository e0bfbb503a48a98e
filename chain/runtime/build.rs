//! Compiles the runtime to wasm, which is what the chain runs.

fn main() {
    #[cfg(feature = "std")]
    wasm();
}

#[cfg(feature = "std")]
fn wasm() {
    // Asked now and not when this was compiled: checkouts in several folders share a target folder, and this program in it.
    let workspace = std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is") + "/../..";
    // Rust 1.85 as Debian packages it has no std for wasm that runtimes may use, so the builder compiles its own. The
    // target folder need not be inside the workspace, so it is told where Cargo.lock is.
    for (name, value) in [
        ("RUSTC_BOOTSTRAP", "1"),
        ("WASM_BUILD_STD", "1"),
        ("WASM_BUILD_TYPE", "release"),
        ("WASM_BUILD_WORKSPACE_HINT", &workspace),
    ] {
        if std::env::var_os(name).is_none() {
            std::env::set_var(name, value);
        }
    }
    // clippy looks at sources. Built for it too, the wasm would be built anew whenever clippy and compiling take turns, since both
    // build it in one folder.
    if std::env::var("RUSTC_WORKSPACE_WRAPPER").is_ok_and(|wrapper| wrapper.ends_with("clippy-driver")) {
        std::env::set_var("SKIP_WASM_BUILD", "1");
    }
    // The builder hands on the features that it finds here. The node that tests use must run the very runtime that is installed.
    std::env::remove_var("CARGO_FEATURE_FIXTURES");
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
    #[cfg(feature = "fixtures")]
    substrate_wasm_builder::WasmBuilder::init_with_defaults()
        .enable_feature("next")
        .set_file_name("next_runtime.rs")
        .build();
}
