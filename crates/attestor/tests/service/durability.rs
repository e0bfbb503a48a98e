use crate::{on_chain, opened, request, service, wrong, Mood, Moody, EXPIRES, NOW};
use amanah_attestor::{
    Attestor, Entry, Error, FileStore, MemoryOutbox, MemoryStore, Sms, SmsError, SmsMessage, Store, StoreError, Ticket,
    KEPT,
};
use amanah_domain::{
    ids::RedemptionId,
    time::{Millis, MINUTE},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

fn journal() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("journal.jsonl");
    (directory, path)
}

/// A service that has just been started.
fn started(path: &Path) -> Attestor<FileStore, MemoryOutbox> {
    service(FileStore::open(path).unwrap(), MemoryOutbox::new())
}

fn wrong_code(tries_left: u8) -> Error {
    Error::WrongCode { redemption: 33, tries_left }
}

fn dead() -> Error {
    Error::TriesUsedUp { redemption: 33, tries: 3 }
}

#[test]
fn three_tries_are_three_tries_however_often_the_service_is_restarted() {
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    for (nth, tries_left) in [(0, 2), (1, 1), (2, 0)] {
        assert_eq!(started(&path).confirm(33, &wrong(&code, nth), NOW), Err(wrong_code(tries_left)));
    }
    assert_eq!(started(&path).confirm(33, &code, NOW), Err(dead()));
    assert_eq!(started(&path).open(&request(33), NOW), Err(dead()));
}

#[test]
fn code_deadline_and_messages_survive_a_restart() {
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    let mut service = started(&path);
    let ticket = service.open(&request(33), NOW + MINUTE).unwrap();
    assert_eq!(ticket, Ticket { redemption: 33, ends: EXPIRES, tries_left: 3, messages_left: 2, confirmed: false });
    assert!(service.sms().messages().is_empty());
    service.resend(33, NOW).unwrap();
    drop(service);
    let mut service = started(&path);
    assert_eq!(service.resend(33, NOW).unwrap().messages_left, 0);
    assert_eq!(service.sms().messages()[0].code(), code);
    assert_eq!(service.resend(33, NOW), Err(Error::MessagesUsedUp { redemption: 33, messages: 3 }));
    assert!(service.confirm(33, &code, EXPIRES - 1).is_ok());
}

#[test]
fn the_identical_attestation_is_given_after_a_restart_too() {
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    let first = started(&path).confirm(33, &code, NOW).unwrap();
    assert_eq!(started(&path).confirm(33, &code, NOW), Ok(first));
}

/// When a process dies, seen from the nth thing that it stores.
#[derive(Clone, Copy)]
enum Dies {
    Before(usize),
    After(usize),
}

/// A store that takes the process with it.
struct Deadly {
    store: FileStore,
    puts: usize,
    dies: Dies,
}

impl Store for Deadly {
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError> {
        self.store.get(redemption)
    }

    fn put(&mut self, entry: Entry) -> Result<(), StoreError> {
        self.puts += 1;
        if matches!(self.dies, Dies::Before(nth) if nth == self.puts) {
            std::process::abort();
        }
        self.store.put(entry)?;
        if matches!(self.dies, Dies::After(nth) if nth == self.puts) {
            std::process::abort();
        }
        Ok(())
    }

    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError> {
        self.store.forget(ended_before)
    }
}

/// Runs `test` of this file once more in a process of its own, where [`victim`] is its arguments.
fn in_another_process(test: &str, arguments: &[&str]) -> std::process::ExitStatus {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("durability::{test}"), "--nocapture"])
        .env("AMANAH_VICTIM", arguments.join("\n"))
        .output()
        .unwrap()
        .status
}

/// The arguments, in a process that [`in_another_process`] started.
fn victim() -> Option<Vec<String>> {
    Some(env::var("AMANAH_VICTIM").ok()?.lines().map(str::to_owned).collect())
}

const KILLED: &str = "a_process_that_is_killed_while_it_confirms_has_used_up_the_try";

#[test]
fn a_process_that_is_killed_while_it_confirms_has_used_up_the_try() {
    if let Some(arguments) = victim() {
        let [path, code, when, nth] = arguments.as_slice() else { panic!("four arguments") };
        let nth = nth.parse().unwrap();
        let dies = if when == "before" { Dies::Before(nth) } else { Dies::After(nth) };
        let store = Deadly { store: FileStore::open(path).unwrap(), puts: 0, dies };
        let answer = service(store, MemoryOutbox::new()).confirm(33, code, NOW);
        unreachable!("it should be dead, and says {answer:?}");
    }
    let kill = |path: &Path, code: &str, when: &str, nth: &str| {
        let status = in_another_process(KILLED, &[path.to_str().unwrap(), code, when, nth]);
        assert_eq!(status.code(), None, "it was killed by a signal and did not just fail");
    };
    // Before the count is stored nothing was compared: no try is used, and none was had.
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    kill(&path, &wrong(&code, 0), "before", "1");
    assert_eq!(started(&path).confirm(33, &wrong(&code, 0), NOW), Err(wrong_code(2)));
    // Between the count and the answer, three times, with wrong codes and the right one.
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    kill(&path, &wrong(&code, 0), "after", "1");
    assert_eq!(started(&path).open(&request(33), NOW).unwrap().tries_left, 2);
    kill(&path, &code, "after", "1");
    assert_eq!(started(&path).open(&request(33), NOW).unwrap().tries_left, 1);
    kill(&path, &code, "before", "2");
    assert_eq!(started(&path).confirm(33, &code, NOW), Err(dead()));
    // After the attestation was stored: nothing is lost but the answer.
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    kill(&path, &code, "after", "2");
    let attestation = started(&path).confirm(33, &code, NOW).unwrap();
    assert_eq!(on_chain(&request(33), &attestation), Ok(()));
}

#[test]
fn a_second_process_cannot_work_with_the_same_journal() {
    const THIS: &str = "a_second_process_cannot_work_with_the_same_journal";
    const BUSY: i32 = 77;
    if let Some(arguments) = victim() {
        let opened = FileStore::open(&arguments[0]);
        std::process::exit(if matches!(opened, Err(StoreError::Busy { .. })) { BUSY } else { 0 });
    }
    let (_directory, path) = journal();
    let service = started(&path);
    let arguments = [path.to_str().unwrap()];
    assert_eq!(in_another_process(THIS, &arguments).code(), Some(BUSY));
    drop(service);
    assert_eq!(in_another_process(THIS, &arguments).code(), Some(0));
}

/// A store whose nth write from now fails, before or after it reached the disk.
struct Failing {
    store: MemoryStore,
    fails: Option<Dies>,
}

fn broken() -> StoreError {
    StoreError::Failed { action: "write".to_owned(), detail: "no space".to_owned() }
}

impl Store for Failing {
    fn get(&self, redemption: RedemptionId) -> Result<Option<Entry>, StoreError> {
        self.store.get(redemption)
    }

    fn put(&mut self, entry: Entry) -> Result<(), StoreError> {
        match self.fails.take() {
            Some(Dies::Before(1)) => return Err(broken()),
            Some(Dies::After(1)) => {
                self.store.put(entry)?;
                return Err(broken());
            }
            Some(Dies::Before(nth)) => self.fails = Some(Dies::Before(nth - 1)),
            Some(Dies::After(nth)) => self.fails = Some(Dies::After(nth - 1)),
            None => {}
        }
        self.store.put(entry)
    }

    fn forget(&mut self, ended_before: Millis) -> Result<usize, StoreError> {
        self.store.forget(ended_before)
    }
}

/// Confirms once with a failing store, and then gives the service back with a store that works.
fn confirmed_while_failing(
    code: &str,
    store: MemoryStore,
    fails: Dies,
) -> (Error, Attestor<MemoryStore, MemoryOutbox>) {
    let mut failing = service(Failing { store, fails: Some(fails) }, MemoryOutbox::new());
    let error = failing.confirm(33, code, NOW).unwrap_err();
    let (Failing { store, .. }, sms) = failing.into_parts();
    (error, service(store, sms))
}

#[test]
fn without_a_durable_count_neither_a_right_nor_a_wrong_code_is_told_from_the_other() {
    for fails in [Dies::Before(1), Dies::After(1)] {
        let mut first = service(MemoryStore::new(), MemoryOutbox::new());
        let code = opened(&mut first, 33);
        let (store, _) = first.into_parts();
        for typed in [code.clone(), wrong(&code, 0)] {
            let (error, _) = confirmed_while_failing(&typed, store.clone(), fails);
            assert_eq!(error, Error::Store(broken()));
        }
    }
}

#[test]
fn an_attestation_that_could_not_be_stored_is_not_given_and_its_try_is_used_up() {
    let mut first = service(MemoryStore::new(), MemoryOutbox::new());
    let code = opened(&mut first, 33);
    let (store, _) = first.into_parts();
    let (error, mut service) = confirmed_while_failing(&code, store, Dies::Before(2));
    assert_eq!(error, Error::Store(broken()));
    assert_eq!(service.open(&request(33), NOW).unwrap().tries_left, 2);
    let attestation = service.confirm(33, &code, NOW).unwrap();
    assert_eq!(on_chain(&request(33), &attestation), Ok(()));
}

#[test]
fn no_message_goes_out_before_its_code_and_its_count_are_stored() {
    let sms = Moody::new(Mood::Sends);
    let store = Failing { store: MemoryStore::new(), fails: Some(Dies::Before(1)) };
    let mut service = service(store, sms.clone());
    assert_eq!(service.open(&request(33), NOW), Err(Error::Store(broken())));
    assert_eq!(sms.received(), [""; 0]);
    assert_eq!(service.open(&request(33), NOW).unwrap().messages_left, 2);
    assert!(service.confirm(33, &sms.received()[0], NOW).is_ok());
}

#[test]
fn a_service_that_dies_right_after_sending_sends_the_same_code_when_it_is_opened_again() {
    let sms = Moody::new(Mood::Sends);
    let store = Failing { store: MemoryStore::new(), fails: Some(Dies::Before(2)) };
    let mut service = service(store, sms.clone());
    assert_eq!(service.open(&request(33), NOW), Err(Error::Store(broken())));
    assert_eq!(service.open(&request(33), NOW).unwrap().messages_left, 1);
    let received = sms.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0], received[1]);
}

#[test]
fn a_try_is_not_undone_by_a_torn_last_line() {
    let (_directory, path) = journal();
    let code = opened(&mut started(&path), 33);
    started(&path).confirm(33, &wrong(&code, 0), NOW).unwrap_err();
    let before = fs::read(&path).unwrap();
    started(&path).confirm(33, &wrong(&code, 1), NOW).unwrap_err();
    let after = fs::read(&path).unwrap();
    assert!(after.starts_with(&before), "the journal only grows");
    fs::write(&path, &after[..before.len() + 20]).unwrap();
    assert_eq!(started(&path).confirm(33, &wrong(&code, 2), NOW), Err(wrong_code(1)));
    assert_eq!(
        started(&path).confirm(33, &code, NOW).map(|attestation| on_chain(&request(33), &attestation)),
        Ok(Ok(()))
    );
}

#[test]
fn records_are_forgotten_a_day_after_their_redemption_ended_and_not_before() {
    let (_directory, path) = journal();
    let mut service = started(&path);
    let code = opened(&mut service, 33);
    service.confirm(33, &wrong(&code, 0), NOW).unwrap_err();
    assert_eq!(service.forget(EXPIRES + KEPT), Ok(0));
    assert_eq!(service.open(&request(33), NOW).unwrap().tries_left, 2);
    assert_eq!(service.forget(EXPIRES + KEPT + 1), Ok(1));
    assert_eq!(service.confirm(33, &code, NOW), Err(Error::Unknown { redemption: 33 }));
    let late = service.open(&request(33), EXPIRES + KEPT + 1);
    assert_eq!(late, Err(Error::TimeOver { redemption: 33, ended: EXPIRES }), "forgotten is not fresh");
    assert_eq!(service.forget(NOW * 1_000), Err(Error::ImplausibleTime { at: NOW * 1_000 }));
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn store_and_transport_can_be_chosen_at_run_time() {
    struct Nobody;
    impl Sms for Nobody {
        fn send(&mut self, _: &SmsMessage) -> Result<(), SmsError> {
            Ok(())
        }
    }
    let store: Box<dyn Store> = Box::new(MemoryStore::new());
    let sms: Box<dyn Sms> = Box::new(Nobody);
    let mut service = service(store, sms);
    service.open(&request(33), NOW).unwrap();
    assert_eq!(service.open(&request(33), NOW).unwrap().tries_left, 3);
    assert_eq!(service.forget(EXPIRES + KEPT + 1), Ok(1));
}
