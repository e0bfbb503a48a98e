// What is hashed, signed and judged about loans, as docs/loan.md has it. Integers are little-endian. Cases, events and flows are
// taken as Polkadot.js gives them: `{ loan: { product: 1, .. } }` for a request, `{ bank: null }` for a role.

import { stringCamelCase, stringToU8a, u8aConcat, u8aToU8a } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { integer } from './layouts.mjs';

/** The registry's roles: a role's place is its number. */
const ROLES = `government bank shop citizen financial_department civil_affairs regulator investor loan_administrator
  social_insurance_agency neighbourhood_committee accounting_team democratic_review_team welfare_department welfare_institute
  medical_panel employer auditor redemption_attestor authenticator operator charity approver custom`
  .split(/\s+/)
  .map((name) => stringCamelCase(name));
const CUSTOM = ROLES.indexOf('custom');

const flag = (value) => [value ? 1 : 0];
const place = (role) => ROLES.indexOf(Object.keys(role)[0]);
/** A list as SCALE has it, of fewer than 64 items: four times their number, and then each. */
const list = (items) => u8aConcat([items.length * 4], ...items);

/** A role's number, which is signed over. */
export function roleNumber(role) {
  return place(role) === CUSTOM ? 32 + role.custom : place(role);
}

// ---- the event, and what oracles say of it ----

/** The parts of what is applied for, in the order of the contract's variants. */
const REQUESTS = {
  loan: ({ product, principal, months, facts }) => [
    integer(product, 4),
    integer(principal, 16),
    integer(months, 2),
    u8aToU8a(facts),
  ],
  interestRefund: ({ loan }) => [integer(loan, 8)],
  campaignClose: ({ campaign }) => [integer(campaign, 8)],
  reschedule: ({ loan, months }) => [integer(loan, 8), integer(months, 2)],
};

/** An event in SCALE: what an applicant signs the hash of. */
export function eventBytes({ flow, applicant, grantors, request }) {
  const [[kind, fields]] = Object.entries(request);
  return u8aConcat(
    integer(flow, 4),
    integer(applicant, 8),
    list(grantors.map((number) => integer(number, 8))),
    [Object.keys(REQUESTS).indexOf(kind)],
    ...REQUESTS[kind](fields),
  );
}

/** What follows from an event, in SCALE: nobody writes operations. `payer` grants in the role whose money it is. */
const OPERATIONS = {
  loan: ({ principal }, payer, applicant) => [
    u8aConcat([0], integer(payer, 8), integer(applicant, 8), integer(principal, 16)),
    [2],
  ],
  interestRefund: ({ loan }, payer) => [
    u8aConcat([3], integer(loan, 8)),
    u8aConcat([4], integer(loan, 8), integer(payer, 8)),
  ],
  campaignClose: ({ campaign }, payer, applicant) => [
    u8aConcat([1], integer(campaign, 8), integer(applicant, 8)),
    [2],
  ],
  reschedule: ({ loan, months }) => [u8aConcat([5], integer(loan, 8), integer(months, 2))],
};
const PAYERS = { loan: 'bank', interestRefund: 'financialDepartment' };

/** A loan event's operations in SCALE. */
export function operationBytes({ applicant, grantors, request }, { oracles }) {
  const [[kind, fields]] = Object.entries(request);
  const payer = grantors[oracles.findIndex((role) => ROLES[place(role)] === PAYERS[kind])] ?? 0;
  return list(OPERATIONS[kind](fields, payer, applicant));
}

/** The roles that must grant, in SCALE. */
export function roleBytes({ oracles }) {
  return list(oracles.map((role) => (place(role) === CUSTOM ? [CUSTOM, role.custom] : [place(role)])));
}

/** What an oracle's verdict is about. */
export function eventHash(event, flow) {
  return blake2AsU8a(u8aConcat(eventBytes(event), operationBytes(event, flow), roleBytes(flow)));
}

/** The 138 bytes of an oracle's verdict: 0 for Failed, 1 for Pass. */
export function verdictBytes({ domain, caseNumber, revision, event, role, epoch, key, verdict, validUntil }) {
  return u8aConcat(
    stringToU8a('amanah-oracle/1\0'),
    u8aToU8a(domain),
    integer(caseNumber, 8),
    integer(revision, 4),
    u8aToU8a(event),
    integer(role, 1),
    integer(epoch, 4),
    u8aToU8a(key),
    integer(verdict, 1),
    integer(validUntil, 8),
  );
}

// ---- what others sign ----

/** The 148 bytes by which an applicant approves an event that somebody else sends. `body`: the hash of the event. */
export function applicantBytes({ domain, flow, applicant, nonce, revision, body, epoch, key, validUntil }) {
  return u8aConcat(
    stringToU8a('amanah-applic/1\0'),
    u8aToU8a(domain),
    integer(flow, 4),
    integer(applicant, 8),
    integer(nonce, 8),
    integer(revision, 4),
    u8aToU8a(body),
    integer(epoch, 4),
    u8aToU8a(key),
    integer(validUntil, 8),
  );
}

/** The 140 bytes by which an authenticator says that a participant approved a call. `args`: their hash. */
export function passkeyBytes({ domain, participant, nonce, args, validUntil, epoch, key }) {
  return u8aConcat(
    stringToU8a('amanah-passkey/1'),
    u8aToU8a(domain),
    integer(participant, 8),
    integer(nonce, 8),
    u8aToU8a(args),
    integer(validUntil, 8),
    integer(epoch, 4),
    u8aToU8a(key),
  );
}

/** The 161 bytes of a borrower's rating. */
export function ratingBytes({ domain, borrower, grade, rate, most, facts, nonce, validUntil, epoch, key }) {
  return u8aConcat(
    stringToU8a('amanah-rating/1\0'),
    u8aToU8a(domain),
    integer(borrower, 8),
    integer(grade, 1),
    integer(rate, 4),
    integer(most, 16),
    u8aToU8a(facts),
    integer(nonce, 8),
    integer(validUntil, 8),
    integer(epoch, 4),
    u8aToU8a(key),
  );
}

// ---- facts, and how an oracle judges them ----

/** An applicant's facts in SCALE. */
export function factsBytes({ identity_matches, income, assets, debt, issued_before, blacklisted }) {
  const money = [income, assets, debt].map((amount) => integer(amount, 16));
  return u8aConcat(flag(identity_matches), ...money, flag(issued_before), flag(blacklisted));
}

/** What an application carries of the facts. The salt is 32 random bytes, and as secret as the facts. */
export function factsHash(salt, facts) {
  return blake2AsU8a(u8aConcat(u8aToU8a(salt), factsBytes(facts)));
}

/** The terms that do not hold; none means Pass. A bound is allowed itself, and one that is not there is not asked for. */
export function judge(terms, { principal, months }, facts) {
  const over = (value, most) => most !== undefined && BigInt(value) > BigInt(most);
  const under = (value, least) => least !== undefined && BigInt(value) < BigInt(least);
  return Object.entries({
    identity: !facts.identity_matches,
    amount: over(principal, terms.amount_max),
    months: over(months, terms.months_max),
    'income too low': under(facts.income, terms.income_min),
    'income too high': over(facts.income, terms.income_max),
    'assets too low': under(facts.assets, terms.asset_min),
    'assets too high': over(facts.assets, terms.asset_max),
    debt: over(facts.debt, terms.debt_max),
    'issued before': facts.issued_before,
    blacklisted: facts.blacklisted,
  })
    .filter(([, fails]) => fails)
    .map(([name]) => name);
}
