//! Makes a contract's code smaller, in a way that leaves its messages functions of their own.
//!
//! contract-build would have wasm-opt write each function that is called from one place only into its caller: all messages into the
//! one function that dispatches them, for whose translation each call pays (docs/adr/0016-messages-are-functions-of-their-own.md).

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use wasm_opt::{Feature, OptimizationOptions};

/// Functions with one caller that are no larger are written into it (wasm-opt's own measure: expressions).
const SMALL: u32 = 40;

/// Makes the code smaller that contract-build compiled, and has not optimised yet; gives the file of what it has made.
pub fn optimise(code: &Path) -> Result<PathBuf> {
    let smaller = code.with_extension("smaller.wasm");
    OptimizationOptions::new_optimize_for_size_aggressively()
        .mvp_features_only()
        .enable_feature(Feature::SignExt)
        // The memory is imported, and begins with nothing but zeroes.
        .zero_filled_memory(true)
        .one_caller_inline_max_size(SMALL)
        .run(code, &smaller)
        .with_context(|| format!("wasm-opt does not take {}", code.display()))?;
    Ok(smaller)
}
