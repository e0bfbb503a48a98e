//! `#[outline]` keeps the functions of an `impl` functions of their own.
//!
//! pallet-contracts 38 charges a call for translating each function that it runs, by the function's length. Left to itself, the
//! compiler writes all messages into the one function that dispatches them, and a call of any of them pays for all:
//! docs/adr/0016-messages-are-functions-of-their-own.md.
#![deny(missing_docs)]

use proc_macro::TokenStream;
use quote::ToTokens;
use syn::{parse_macro_input, parse_quote, ImplItem, ItemImpl};

/// Forbids the compiler to write the functions of this `impl` into others.
#[proc_macro_attribute]
pub fn outline(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut block = parse_macro_input!(item as ItemImpl);
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            function.attrs.push(parse_quote!(#[inline(never)]));
        }
    }
    block.into_token_stream().into()
}
