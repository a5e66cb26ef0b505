import type { Address, Hex, TypedDataDefinition } from "viem";
import { isAddress } from "viem/utils";
import type { PaymentRequirements } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";
import type { Choice } from "./supported-entry.ts";
import { within } from "./time-limit.ts";

/** Who signs: a viem account, or anything that offers these two (a wallet service, a KMS, an HSM). */
export interface Signer {
  readonly address: Address;
  /** Signs (EIP-712) an authorization for the token itself, or a permit for Permit2. */
  signTypedData(typedData: TypedDataDefinition): Promise<Hex>;
}

/** A signer, or who finds it for a payment; a resolver that answers `undefined` leaves it to the next source. */
export type SignerSource =
  | Signer
  | ((requirements: PaymentRequirements) => Signer | undefined | Promise<Signer | undefined>);

/** Where signers come from. The most particular source that has one counts: network, then family, then default. */
export interface SignerSources {
  /** For every network that has no signer of its own. */
  readonly signer?: SignerSource | undefined;
  /** By network (`eip155:8453`) or family of networks (`eip155`). */
  readonly signers?: Readonly<Record<string, SignerSource>> | undefined;
}

/**
 * Finds who signs for an entry: `signers[network]`, else `signers[family]`, else `signer`.
 *
 * @throws PaymentError `signer-unavailable`, `signer-timeout`
 */
export async function resolveSigner(
  choice: Choice,
  sources: SignerSources,
  milliseconds: number,
): Promise<Signer> {
  const { network } = choice.requirements;
  const family = network.slice(0, network.indexOf(":"));
  for (const source of [sources.signers?.[network], sources.signers?.[family], sources.signer]) {
    if (source === undefined) continue;
    const signer = await ask(source, choice, milliseconds);
    if (signer === undefined) continue;
    if (!isAddress(signer.address, { strict: false }) || typeof signer.signTypedData !== "function")
      throw unavailable(`the one for ${network} has no address or cannot sign typed data`, choice);
    return signer;
  }
  throw unavailable(`none is configured for ${network}`, choice);
}

async function ask(source: SignerSource, choice: Choice, milliseconds: number): Promise<Signer | undefined> {
  if (typeof source !== "function") return source;
  const late = () => signerTimeout("was not found", milliseconds, choice);
  const search = async () => source(choice.requirements);
  try {
    return await within(milliseconds, search(), late);
  } catch (cause) {
    if (cause instanceof PaymentError) throw cause;
    throw unavailable(cause instanceof Error ? cause.message : String(cause), choice, cause);
  }
}

/** The failure of a signer that let the buyer wait. */
export function signerTimeout(what: string, milliseconds: number, choice: Choice): PaymentError {
  return new PaymentError("signer-timeout", `The signer ${what} within ${milliseconds} ms.`, about(choice));
}

function unavailable(complaint: string, choice: Choice, cause?: unknown): PaymentError {
  return new PaymentError("signer-unavailable", `There is no signer: ${complaint}.`, {
    ...about(choice),
    cause,
  });
}

function about({ challenge, requirements }: Choice) {
  return { response: challenge.response, requirements };
}
