import { isAddressEqual } from "viem";
import { type PermitScheme, permit2Address, permit2Proxies } from "../../oracles/permit2.ts";
import { permitSignerOf, type ReceivedPermit } from "../../oracles/received-permit.ts";
import { isOfKeyHolder } from "../../oracles/signature-shape.ts";
import { field, type JsonObject } from "../../oracles/wire/index.ts";
import { formFault } from "./form.ts";
import type { Examined, Market } from "./till.ts";
import { secondOf, timeFault } from "./validity.ts";

const schemes: readonly PermitScheme[] = ["exact", "upto"];

/** What an honest shop takes of what was permitted: of `upto` less, as for something of which not all was used. */
export function chargeOf(scheme: PermitScheme, permitted: bigint): bigint {
  return scheme === "upto" ? (permitted * 2n) / 5n : permitted;
}

/** The scheme that a permit is for, by the contract that may use it. */
export function schemeOf({ spender }: Pick<ReceivedPermit, "spender">): PermitScheme | undefined {
  return schemes.find((scheme) => isAddressEqual(permit2Proxies[scheme], spender));
}

/** Holds a permit against the offered entries and the payer's allowance, as an honest seller does before it serves. */
export async function examinePermit(
  permit: ReceivedPermit,
  entries: readonly JsonObject[],
  { chainId, onChain, allow }: Market,
): Promise<Examined> {
  const scheme = schemeOf(permit);
  if (scheme === undefined) return refused("the permit is for another spender than a proxy of x402's");
  if (!entries.some((entry) => isMet(permit, scheme, entry)))
    return refused("the permit pays nothing that was offered");
  const fault =
    (await formFault(formOf(permit), (account) => onChain.hasCode(account))) ??
    timeFault(validityOf(permit), secondOf(Date.now()));
  if (fault !== undefined) return refused(fault);
  // A smart account signs as it likes; whether it did, only the chain can say.
  if (isOfKeyHolder(permit) && !(await isSignedByPayer(permit, scheme, chainId)))
    return refused("the signature is not the payer's");
  await allow?.(permit.from);
  const allowance = await onChain.allowanceOf(permit.from, permit2Address);
  if (allowance >= permit.permitted.amount) return { ok: true };
  return { ...refused("Permit2 has no allowance"), lacksAllowance: true };
}

function formOf({ from, signature, permitted, nonce, deadline, witness }: ReceivedPermit) {
  return { from, signature, numbers: [permitted.amount, nonce, deadline, witness.validAfter] };
}

/** When a permit can be used: its deadline is the last second in which it can. */
export function validityOf({ witness, deadline }: Pick<ReceivedPermit, "witness" | "deadline">) {
  return { validAfter: witness.validAfter, validBefore: deadline + 1n, end: "deadline" };
}

async function isSignedByPayer(
  permit: ReceivedPermit,
  scheme: PermitScheme,
  chainId: number,
): Promise<boolean> {
  const domain = { name: "Permit2", chainId, verifyingContract: permit2Address } as const;
  const signer = await permitSignerOf(permit, scheme, domain);
  return signer !== undefined && isAddressEqual(signer, permit.from);
}

/** Whether a permit pays what an entry asks for. */
function isMet({ permitted, witness }: ReceivedPermit, scheme: PermitScheme, entry: JsonObject): boolean {
  const extra = field(entry, "extra");
  return (
    field(entry, "scheme") === scheme &&
    (scheme === "upto" || field(extra, "assetTransferMethod") === "permit2") &&
    field(entry, "amount") === String(permitted.amount) &&
    isSame(field(entry, "asset"), permitted.token) &&
    isSame(field(entry, "payTo"), witness.to) &&
    (scheme === "exact" || isSame(field(extra, "facilitatorAddress"), witness.facilitator))
  );
}

function isSame(one: unknown, other: string | undefined): boolean {
  return typeof one === "string" && one.toLowerCase() === other?.toLowerCase();
}

function refused(why: string) {
  return { ok: false, why } as const;
}
