#![cfg_attr(not(feature = "std"), no_std, no_main)]
#[ink::contract]
mod c {
    #[ink(storage)]
    pub struct C { v: u32 }
    impl C {
        #[ink(constructor)]
        pub fn new() -> Self { Self { v: 0 } }
        #[ink(message)]
        pub fn get(&self) -> u32 { self.v }
    }
}
