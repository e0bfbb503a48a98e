use crate::{in_memory, opened, pair, phone, request, service, wrong, NOW, STORE_KEY};
use amanah_attestor::{FileStore, MemoryOutbox, StoreKey};
use amanah_domain::{
    crypto::{Crypto, Native},
    layout::RedemptionAttestation,
};
use std::fs;

#[test]
fn the_journal_holds_neither_codes_nor_phone_numbers_nor_names() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.jsonl");
    let mut service = service(FileStore::open(&path).unwrap(), MemoryOutbox::new());
    let code = opened(&mut service, 33);
    service.confirm(33, &wrong(&code, 0), NOW).unwrap_err();
    service.confirm(33, &code, NOW).unwrap();
    for file in fs::read_dir(directory.path()).unwrap() {
        let text = String::from_utf8(fs::read(file.unwrap().path()).unwrap()).unwrap();
        let mut bytes = Vec::new();
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["redemption"], 33);
            bytes.extend(hex::decode(line["sealed"].as_str().unwrap()).unwrap());
        }
        for secret in [code.as_str(), phone().as_str(), "Warung Sari", "50.000"] {
            let hashed = Native::blake2b_256(secret.as_bytes());
            for form in [secret.as_bytes(), &hashed[..]] {
                assert!(!contains(&bytes, form), "{secret} is there");
            }
        }
        for secret in [phone().as_str(), "Warung Sari", "50.000"] {
            assert!(!text.contains(secret), "{secret} is there");
        }
    }
}

#[test]
fn nothing_in_an_attestation_depends_on_the_code() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let attestation = service.confirm(33, &code, NOW).unwrap();
    let request = request(33);
    let key = pair(1).public.to_bytes();
    let signed = RedemptionAttestation {
        domain: crate::DOMAIN,
        voucher: request.voucher,
        redemption: request.redemption,
        shop: request.shop,
        amount: request.amount.balance(),
        valid_until: attestation.valid_until,
        epoch: crate::EPOCH,
        key,
    };
    assert!(Native::sr25519_verify(&attestation.signature, &signed.signed_bytes::<Native>(), &key));
}

#[test]
fn debugging_output_and_errors_hide_codes_keys_and_phone_numbers() {
    let mut service = in_memory();
    // A code that does not happen to stand in the public key, a time or another number that may be shown.
    let public = format!("{:?} {:?}", crate::identity(), request(33));
    let (redemption, code) = (33..)
        .map(|redemption| (redemption, opened(&mut service, redemption)))
        .find(|(_, code)| !public.contains(code) && !public.contains(&wrong(code, 0)))
        .unwrap();
    let error = service.confirm(redemption, &wrong(&code, 0), NOW).unwrap_err();
    let secret = pair(1).secret.to_bytes();
    let shown = [
        format!("{service:?}"),
        format!("{:?}", service.sms()),
        format!("{:?}", request(33)),
        format!("{:?}", crate::identity()),
        format!("{:?}", StoreKey::from_bytes(STORE_KEY)),
        format!("{error:?} {error}"),
    ];
    for text in shown {
        for hidden in [&code, &wrong(&code, 0), &phone().as_str()[1..].to_owned()] {
            assert!(!text.contains(hidden), "{text}");
        }
        for key in [&STORE_KEY[..], &secret[..32], &secret[32..]] {
            assert!(!text.contains(&hex::encode(key)) && !text.contains(&format!("{key:?}")), "{text}");
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
