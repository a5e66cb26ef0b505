import { type Address, isAddress } from "viem";
import {
  type AcceptsEntry,
  acceptsEntries,
  addressInCaip19,
  describeJson,
  diagnoseAsset,
  diagnosePrice,
  field,
  type Json,
  type JsonObject,
} from "../../oracles/wire/index.ts";
import type { Dialect } from "../dialect.ts";
import { NotApplicable, Unproven } from "../finding.ts";
import type { RunContext } from "./context.ts";

/** How the suite's buyer can pay: scheme `exact` by EIP-3009 or by Permit2, and scheme `upto`. */
export type PaymentMethod = "eip3009" | PermitMethod;

/** Of them, those that need an allowance. */
export type PermitMethod = "permit2" | "upto";

/** The terms that the suite's own buyer reads out of an entry, as leniently as they can be understood. */
export interface Terms {
  readonly entry: AcceptsEntry;
  readonly amount: bigint;
  readonly payTo: Address;
  readonly maxTimeoutSeconds: bigint;
}

/**
 * The entry that the suite's buyer pays: one for the run's own network if there is one, and of several one that is signed
 * under the token's own contract.
 *
 * @throws Unproven when nothing in the challenge can be paid on the run's chain, NotApplicable when it asks for permits
 * alone, and is to be paid by EIP-3009: no seller has to take that
 */
export function payableTerms(
  { sandbox }: { readonly sandbox: Pick<RunContext["sandbox"], "asset" | "network"> },
  challenge: JsonObject,
  dialect: Dialect,
  method: PaymentMethod,
): Terms {
  const entries = acceptsEntries(challenge);
  const network = dialect.networkName(sandbox.network);
  const candidates = entries.filter((entry) => isPaidBy(method, entry));
  const readable = candidates.flatMap((entry) => readTerms(entry, sandbox.asset, dialect) ?? []);
  const here = readable.filter(({ entry }) => field(entry, "network") === network);
  const terms = [here, readable]
    .flatMap((some) => some.find(({ entry }) => isSignedUnder(entry, sandbox.asset)) ?? some)
    .at(0);
  if (terms !== undefined) return terms;
  const asked = methodsIn(entries);
  if (method === "eip3009" && asked.length > 0 && !asked.includes(method))
    throw new NotApplicable(
      `The seller asks to be paid by ${asked.map((each) => methodNames[each]).join(" or ")} here, and this case pays by ` +
        `${methodNames.eip3009}; where the seller takes that, too, give a request that does.`,
    );
  const flaw = candidates
    .map((entry) => flawOf(entry, sandbox.asset, dialect))
    .find((each) => each !== undefined);
  throw new Unproven(
    `No entry of accepts can be paid here: the suite pays ${methodNames[method]} in ${sandbox.asset} on ${network}, and ` +
      (flaw === undefined
        ? `the seller asks for ${wantedIn(entries)}. Let it take ASSET_ADDRESS and NETWORK from its environment.`
        : `the entry for it ${flaw}`),
  );
}

/**
 * Whether an entry is signed under its token's own contract. Schemes of single vendors name another one, which holds the
 * payer's money for it, beside their own domain (`extra.verifyingContract`).
 */
export function isSignedUnder(entry: AcceptsEntry, asset: Address): boolean {
  const contract = field(field(entry, "extra"), "verifyingContract");
  return contract === undefined || isToken(contract, asset);
}

/** What keeps an entry that asks for this token from being paid, and what to do about it. */
function flawOf(entry: AcceptsEntry, asset: Address, { priceField, protocol }: Dialect): string | undefined {
  const inCaip19 = addressInCaip19(field(entry, "asset"));
  if (!isToken(inCaip19 ?? field(entry, "asset"), asset)) return undefined;
  const holds = (key: string) => {
    const value = field(entry, key);
    return value === undefined ? `has no \`${key}\`.` : `has ${describeJson(value)} for its \`${key}\`.`;
  };
  if (inCaip19 !== undefined) return [holds("asset"), ...diagnoseAsset(entry)].join(" ");
  if (readAmount(field(entry, priceField)) === undefined)
    return [holds(priceField), ...diagnosePrice(entry, protocol === "x402@1" ? 1 : 2)].join(" ");
  return readPayTo(entry) === undefined
    ? `${holds("payTo")} Write an address there, 0x and 40 hex digits.`
    : undefined;
}

/** What entries ask for, each kind once, as far as a sentence has room for it. */
function wantedIn(entries: readonly AcceptsEntry[]): string {
  const wanted = entries.map((entry) => {
    const transfer = field(field(entry, "extra"), "assetTransferMethod");
    const by = transfer === undefined ? "" : ` by ${describeJson(transfer)}`;
    const [scheme, asset, network] = ["scheme", "asset", "network"].map((key) =>
      describeJson(field(entry, key)),
    );
    return `${scheme}${by} in ${asset} on ${network}`;
  });
  return [...new Set(wanted)].slice(0, 3).join(", ") || "nothing";
}

/** The ways in which a challenge's entries ask to be paid, of those that the suite's buyer knows. */
export function methodsIn(entries: readonly AcceptsEntry[]): readonly PaymentMethod[] {
  return (["eip3009", "permit2", "upto"] as const).filter((method) =>
    entries.some((entry) => isPaidBy(method, entry)),
  );
}

/** The first entry of a challenge that asks for `upto`, if one does. */
export function uptoEntryIn(challenge: JsonObject): AcceptsEntry | undefined {
  return acceptsEntries(challenge).find((entry) => isPaidBy("upto", entry));
}

/** What a way to pay is called in a sentence. */
export const methodNames: Readonly<Record<PaymentMethod, string>> = {
  eip3009: "scheme exact by EIP-3009",
  permit2: "scheme exact by Permit2",
  upto: "scheme upto",
};

/** Whether the entry could be paid without any leniency. */
export function isSound(
  { sandbox, tokenDomain }: RunContext,
  entry: AcceptsEntry,
  { priceField, networkName }: Dialect,
): boolean {
  const extra = field(entry, "extra");
  const amount = field(entry, priceField);
  return (
    field(entry, "network") === networkName(sandbox.network) &&
    typeof amount === "string" &&
    /^\d+$/.test(amount) &&
    typeof field(entry, "maxTimeoutSeconds") === "number" &&
    field(extra, "name") === tokenDomain.name &&
    field(extra, "version") === tokenDomain.version
  );
}

/** The payment flow that an entry states; `authorization` unless it says otherwise. */
export function flowOf(entry: AcceptsEntry): string {
  return String(field(field(entry, "extra"), "paymentFlow") ?? "authorization");
}

function readTerms(entry: AcceptsEntry, asset: Address, { priceField }: Dialect): Terms | undefined {
  const payTo = readPayTo(entry);
  const amount = readAmount(field(entry, priceField));
  const timeout = Number(field(entry, "maxTimeoutSeconds"));
  if (amount === undefined || payTo === undefined || !isToken(field(entry, "asset"), asset)) return undefined;
  const maxTimeoutSeconds = BigInt(Number.isFinite(timeout) && timeout > 0 ? Math.ceil(timeout) : 60);
  return { entry, amount, payTo, maxTimeoutSeconds };
}

function isToken(offered: Json | undefined, asset: Address): boolean {
  return typeof offered === "string" && offered.toLowerCase() === asset.toLowerCase();
}

function readPayTo(entry: AcceptsEntry): Address | undefined {
  const payTo = field(entry, "payTo");
  return typeof payTo === "string" && isAddress(payTo, { strict: false }) ? payTo : undefined;
}

function isPaidBy(method: PaymentMethod, entry: AcceptsEntry): boolean {
  const scheme = field(entry, "scheme");
  if (method === "upto") return scheme === "upto";
  const transfer = field(field(entry, "extra"), "assetTransferMethod") ?? "eip3009";
  return scheme === "exact" && transfer === method;
}

function readAmount(amount: Json | undefined): bigint | undefined {
  if (typeof amount !== "string" && typeof amount !== "number") return undefined;
  try {
    return BigInt(amount);
  } catch {
    return undefined;
  }
}
