import { z } from "zod";
import { addressSchema } from "../protocol/index.ts";
import { type FaultName, faults, isFaultName } from "./catalogue.ts";
import { type Fault, type FaultParameter, type FaultTerms, isStanding } from "./fault.ts";

/** What switches a fault on: the body of `POST /faults`. */
export interface FaultOrder extends FaultTerms {
  readonly name: FaultName;
  /** How many calls it bites before it switches itself off; without it, until it is switched off. */
  readonly times?: number | undefined;
  /** How long it lasts before it switches itself off, in milliseconds. */
  readonly lastsMs?: number | undefined;
  /** Bites this share of the calls that it could, more than 0 and at most 1; the seed decides which. */
  readonly chance?: number | undefined;
  /** The same seed bites the same calls in a row of calls; a random one without it. */
  readonly seed?: string | undefined;
}

/** A day: longer than anybody waits. */
const longestMs = 86_400_000;

const milliseconds = z.int().positive().max(longestMs);

/** What the order of a fault may say. */
export const faultOrderSchema = z
  .strictObject({
    name: z.custom<FaultName>(isFaultName, `expected one of ${Object.keys(faults).join(", ")}`),
    payer: addressSchema.optional(),
    times: z.int().positive().optional(),
    lastsMs: milliseconds.optional(),
    chance: z.number().positive().max(1).optional(),
    seed: z.string().min(1).max(100).optional(),
    reason: z.string().min(1).max(200).optional(),
    delayMs: milliseconds.optional(),
    asset: addressSchema.optional(),
    advanceSeconds: z.int().positive().max(longestMs).optional(),
  })
  .superRefine((order, context) => {
    for (const [key, complaint] of complaintsAbout(order))
      context.addIssue({ code: "custom", path: [key], message: complaint });
  });

const parameters: readonly FaultParameter[] = ["reason", "delayMs", "asset", "advanceSeconds"];

/** What is said that this fault has no use for, or is not said that it needs. */
function complaintsAbout(order: FaultOrder): (readonly [keyof FaultOrder, string])[] {
  const fault: Fault = faults[order.name];
  const complaints = parameters
    .filter((key) => order[key] !== undefined && !fault.takes?.includes(key))
    .map((key) => [key, `${order.name} has no use for it`] as const);
  if (!isStanding(fault)) return complaints;
  const lasting = (["times", "chance"] as const)
    .filter((key) => order[key] !== undefined)
    .map((key) => [key, `${order.name} is a state, and bites no single calls: give lastsMs`] as const);
  return [...complaints, ...lasting, ...complaintsAboutPayer(order, fault.needsPayer === true)];
}

function complaintsAboutPayer({ name, payer }: FaultOrder, needed: boolean) {
  if (needed === (payer !== undefined)) return [];
  const complaint = needed ? `${name} needs a payer` : `${name} befalls everybody`;
  return [["payer", complaint] as const];
}
