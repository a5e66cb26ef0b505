import { z } from "zod";
import {
  type FacilitatorCall,
  type FacilitatorReply,
  type FacilitatorSteps,
  facilitatorSteps,
} from "#sandbox";
import type { FacilitatorVariation } from "../../subjects/index.ts";
import type { MutantFacts } from "../trial.ts";

/** A facilitator that is wrong in exactly one way. */
export interface FacilitatorMutant extends MutantFacts {
  /** Builds it; `reached` is called each time the fault shows. */
  readonly build: (reached: () => void) => FacilitatorVariation;
}

/** The reference without one of its checks. */
export function overlooking(
  kind: "request" | "payment" | "state" | "permit2",
  ...names: readonly string[]
): FacilitatorMutant["build"] {
  return (reached) => {
    const checks = {
      ...facilitatorSteps.checks,
      [kind]: facilitatorSteps.checks[kind].map((check) =>
        names.includes(check.name) ? { ...check, check: toldButOverlooked(check, reached) } : check,
      ),
    };
    return { steps: { ...facilitatorSteps, checks } };
  };
}

function toldButOverlooked(check: { check(subject: never): string | undefined }, reached: () => void) {
  return (subject: never) => {
    if (check.check(subject) !== undefined) reached();
    return undefined;
  };
}

/** The reference with some of its steps replaced. */
export function withSteps(
  replace: (original: FacilitatorSteps, reached: () => void) => Partial<FacilitatorSteps>,
): FacilitatorMutant["build"] {
  return (reached) => ({ steps: { ...facilitatorSteps, ...replace(facilitatorSteps, reached) } });
}

type Confirmation = Awaited<ReturnType<FacilitatorSteps["confirm"]>>;

/** The reference with another outcome than the chain's, where it makes one up. */
export function concluding(
  other: (confirmation: Confirmation) => Confirmation | undefined,
): FacilitatorMutant["build"] {
  return withSteps(({ confirm }, reached) => ({
    confirm: async (...order) => {
      const confirmation = await confirm(...order);
      const reworded = other(confirmation);
      if (reworded !== undefined) reached();
      return reworded ?? confirmation;
    },
  }));
}

/** An honest answer as JSON, before it is sent. */
export type HonestAnswer = Readonly<Record<string, unknown>>;

/** What is sent in place of an honest answer: other JSON, or a whole reply; `undefined` leaves it as it is. */
export type Reworded = HonestAnswer | FacilitatorReply | undefined;

/** The reference with other words: it does everything right and tells it wrong. */
export function telling(
  endpoint: FacilitatorCall["endpoint"],
  reword: (honest: HonestAnswer, call: FacilitatorCall) => Reworded,
): FacilitatorMutant["build"] {
  return (reached) => ({
    intercept: async (call) => {
      if (call.endpoint !== endpoint) return undefined;
      const honest = { ...(await call.proceed()) };
      const reworded = reword(honest, call);
      if (reworded === undefined) return json(200, honest);
      reached();
      return isReply(reworded) ? reworded : json(200, reworded);
    },
  });
}

/** A reply with a JSON body. */
export function json(status: number, body: unknown): FacilitatorReply {
  return { kind: "answer", status, contentType: "application/json", body: JSON.stringify(body) };
}

function isReply(reworded: HonestAnswer | FacilitatorReply): reworded is FacilitatorReply {
  return "kind" in reworded && (reworded.kind === "answer" || reworded.kind === "hang-up");
}

/** What a caller asks for, as far as mutants go by it. */
export interface Asked {
  readonly version: number;
  readonly signature: string;
  readonly authorization: Readonly<Record<"from" | "to" | "value" | "validAfter" | "nonce", string>>;
  /** What the buyer says to have accepted; nothing in v1. */
  readonly accepted: Readonly<Record<string, unknown>>;
  readonly requirements: Readonly<Record<string, unknown>>;
  readonly resource?: unknown;
  /** Its payment-identifier. */
  readonly identifier: unknown;
}

const requestSchema = z
  .object({
    x402Version: z.number(),
    paymentPayload: z.object({
      resource: z.unknown().optional(),
      accepted: z.record(z.string(), z.unknown()).default({}),
      payload: z.object({
        signature: z.string(),
        authorization: z.object({
          from: z.string(),
          to: z.string(),
          value: z.string(),
          validAfter: z.string(),
          nonce: z.string(),
        }),
      }),
      extensions: z.object({ "payment-identifier": z.unknown().optional() }).optional(),
    }),
    paymentRequirements: z.record(z.string(), z.unknown()),
  })
  .transform(
    ({ x402Version: version, paymentPayload: { payload, extensions, ...rest }, ...body }): Asked => ({
      version,
      ...payload,
      ...rest,
      requirements: body.paymentRequirements,
      identifier: extensions?.["payment-identifier"],
    }),
  );

/** Reads a request; `undefined` for one that cannot be read. */
export function askedIn(request: unknown): Asked | undefined {
  return requestSchema.safeParse(request).data;
}

/** The signature in a request, which tells the payments of a run apart. */
export function signatureIn(request: unknown): string | undefined {
  return askedIn(request)?.signature;
}

/** The reference, which says yes to some of what it refuses: to whatever `isYes` for. */
export function sayingYes(
  isYes: (asked: Asked, honest: HonestAnswer) => boolean,
): FacilitatorMutant["build"] {
  return (reached) => ({
    intercept: async ({ endpoint, request, network, proceed }) => {
      const asked = askedIn(request);
      if (endpoint === "supported" || asked === undefined) return undefined;
      const honest: HonestAnswer = { ...(await proceed()) };
      const isRefused = honest.isValid === false || honest.success === false;
      if (!isRefused || !isYes(asked, honest)) return json(200, honest);
      reached();
      if (endpoint === "verify") return json(200, { isValid: true });
      return json(200, { success: true, transaction: `0x${"9".repeat(64)}`, network });
    },
  });
}
