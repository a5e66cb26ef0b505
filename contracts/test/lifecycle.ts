import fc from "fast-check";
import {
  type SignatureForm,
  signatureForms,
  type TransferFunction,
  transferFunctions,
} from "./authorization.ts";

/** Addresses go by their role; the payer also owns the wallet. */
export type Role = "payer" | "wallet" | "payee" | "zero" | "token";

/** One thing that happens to the token, `wait` seconds after the one before. */
export type Step = { wait: number } & (
  | { kind: "pay"; pay: Payment }
  | { kind: "cancel"; authorizer: "payer" | "wallet"; nonce: number; honest: boolean; form: SignatureForm }
  | { kind: "pause" | "unpause" }
  | { kind: "blacklist" | "unBlacklist"; account: "payer" | "wallet" | "payee" }
);

/** A payment, well or badly signed. */
interface Payment {
  functionName: TransferFunction;
  form: SignatureForm;
  from: "payer" | "wallet";
  to: Role;
  value: number;
  /** Seconds from the block that the payment is tried in: -1 is the first valid second. */
  validAfter: number;
  /** Seconds from the same block: 1 is the last valid second. */
  validBefore: number;
  nonce: number;
  /** Signed for the called function by whoever owns `from`. */
  honest: boolean;
  sentByPayee: boolean;
}

/** Few nonces, few accounts and narrow windows, so that steps meet each other; mostly good payments. */
const mostly = <T>(good: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: other });
const nonce = fc.integer({ min: 0, max: 5 });
const form = fc.constantFrom(...signatureForms);
const authorizer = fc.constantFrom("payer", "wallet");
const honest = mostly(fc.constant(true), fc.constant(false));
const wait = fc.integer({ min: 1, max: 100 });

const payment: fc.Arbitrary<Payment> = fc.record({
  functionName: fc.constantFrom(...transferFunctions),
  form,
  from: authorizer,
  to: mostly<Role>(fc.constant("payee"), fc.constantFrom("payer", "wallet", "zero", "token")),
  value: mostly(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 500, max: 20_000_000 })),
  validAfter: mostly(fc.integer({ min: -3, max: -1 }), fc.integer({ min: -1, max: 1 })),
  validBefore: mostly(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -1, max: 1 })),
  nonce,
  honest,
  sentByPayee: mostly(fc.constant(true), fc.constant(false)),
});

/** Any step. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("pay"), wait, pay: payment }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel"), wait, authorizer, nonce, honest, form }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pause"), wait }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("unpause"), wait }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("blacklist"),
      wait,
      account: fc.constantFrom("payer", "wallet", "payee"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("unBlacklist"),
      wait,
      account: fc.constantFrom("payer", "wallet", "payee"),
    }),
  },
);

/** What the token should hold, kept by hand. */
export interface Model {
  now: bigint;
  paused: boolean;
  blacklisted: Set<Role>;
  spent: Set<string>;
  balances: Record<"payer" | "wallet" | "payee", bigint>;
}

/** What EIP-3009, in the order of checks of the real token, says to a step: "accepted" or the revert string. */
export function expectedAnswer(step: Step, model: Model): string {
  const { paused, blacklisted, spent, balances } = model;
  if (step.kind !== "pay" && step.kind !== "cancel") return "accepted";
  if (paused) return "Pausable: paused";
  if (step.kind === "cancel") {
    if (spent.has(`${step.authorizer} ${step.nonce}`))
      return "FiatTokenV2: authorization is used or canceled";
    return step.honest ? "accepted" : "FiatTokenV2: invalid signature";
  }
  const { functionName, from, to, value, validAfter, validBefore, nonce, honest, sentByPayee } = step.pay;
  if (blacklisted.has(from) || blacklisted.has(to)) return "Blacklistable: account is blacklisted";
  if (functionName === "receiveWithAuthorization" && !sentByPayee)
    return "FiatTokenV2: caller must be the payee";
  if (validAfter >= 0) return "FiatTokenV2: authorization is not yet valid";
  if (validBefore <= 0) return "FiatTokenV2: authorization is expired";
  if (spent.has(`${from} ${nonce}`)) return "FiatTokenV2: authorization is used or canceled";
  if (!honest) return "FiatTokenV2: invalid signature";
  if (to === "zero") return "ERC20: transfer to the zero address";
  if (BigInt(value) > balances[from]) return "ERC20: transfer amount exceeds balance";
  return "accepted";
}

/** What an accepted step changes. */
export function apply(step: Step, model: Model): void {
  switch (step.kind) {
    case "pay": {
      const { from, to, value, nonce } = step.pay;
      model.spent.add(`${from} ${nonce}`);
      model.balances[from] -= BigInt(value);
      if (to !== "zero" && to !== "token") model.balances[to] += BigInt(value);
      return;
    }
    case "cancel":
      model.spent.add(`${step.authorizer} ${step.nonce}`);
      return;
    case "pause":
    case "unpause":
      model.paused = step.kind === "pause";
      return;
    case "blacklist":
      model.blacklisted.add(step.account);
      return;
    case "unBlacklist":
      model.blacklisted.delete(step.account);
  }
}
