import { createHash } from "node:crypto";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

const {
  FACILITATOR_URL = "http://127.0.0.1:4022",
  PAY_TO = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  NETWORK = "eip155:84532",
  ASSET_ADDRESS = "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
} = process.env;

/** What came as `_meta["x402/payment"]`. */
export type Payment = unknown;

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, "i"));
const paymentSchema = z.looseObject({
  x402Version: z.literal(2),
  resource: z.looseObject({ url: z.string() }).optional(),
  accepted: z.looseObject({}),
  payload: z.strictObject({
    signature: z.string(),
    authorization: z.strictObject({
      from: hex(20),
      to: hex(20),
      value: z.string().regex(/^\d{1,78}$/),
      validAfter: z.string().regex(/^\d{1,78}$/),
      validBefore: z.string().regex(/^\d{1,78}$/),
      nonce: hex(32),
    }),
  }),
});

const verdictSchema = z.looseObject({ isValid: z.boolean(), invalidReason: z.string().optional() });
/** What a buyer may see of a settlement: a facilitator may say more, which is for nobody else's eyes. */
const settlementSchema = z.object({
  success: z.boolean(),
  transaction: z.string(),
  network: z.string(),
  payer: z.string().optional(),
  errorReason: z.string().optional(),
});
type Settlement = z.infer<typeof settlementSchema>;

/** Why a payment is not taken. */
class Refusal extends Error {}

/** Payments that are in use or spent; those of which nobody knows whether they were settled keep what they bought. */
const claims = new Map<string, { readonly purchase: string; readonly kept?: CallToolResult }>();

/** Sells one call of a tool: challenge, match, claim, verify, work, settle. */
export async function paid(
  tool: string,
  price: number,
  args: object,
  payment: Payment,
  work: () => CallToolResult,
): Promise<CallToolResult> {
  const terms = {
    scheme: "exact",
    network: NETWORK,
    amount: String(price),
    asset: ASSET_ADDRESS,
    payTo: PAY_TO,
    maxTimeoutSeconds: 300,
    extra: { name: "USDC", version: "2" },
  };
  const resource = { url: `mcp://tool/${tool}` };
  const ask = (error: string, receipt?: Settlement) => {
    const challenge = { x402Version: 2, error, resource, accepts: [terms] };
    return {
      isError: true,
      structuredContent: challenge,
      content: [{ type: "text" as const, text: JSON.stringify(challenge) }],
      ...(receipt === undefined ? {} : { _meta: { "x402/payment-response": receipt } }),
    };
  };
  if (payment === undefined) return ask("Payment required");
  const read = paymentSchema.safeParse(payment);
  if (!read.success) return ask("invalid_payload");
  const { accepted, payload } = read.data;
  const { from, nonce } = payload.authorization;
  if (!accepts(accepted, terms) || (read.data.resource?.url ?? resource.url) !== resource.url)
    return ask("the payment is for other terms");

  const key = `${from} ${nonce}`.toLowerCase();
  const purchase = digest([tool, args, payload]);
  const claim = claims.get(key);
  const kept = claim?.purchase === purchase ? claim.kept : undefined;
  if (claim !== undefined && kept === undefined) return ask("this payment was used before, or is in use");
  claims.set(key, { purchase });
  const request = { x402Version: 2, paymentPayload: payment, paymentRequirements: terms };
  try {
    const goods = kept ?? (await verifiedWork(request, work));
    const receipt = await settle(request)
      .then((first) => (first.errorReason === "settlement_pending" ? settle(request) : first))
      .catch(() => undefined);
    const isUnknown = receipt === undefined || receipt.errorReason === "settlement_pending";
    if (isUnknown) claims.set(key, { purchase, kept: goods });
    else if (!receipt.success) claims.delete(key);
    if (receipt?.success) return { ...goods, _meta: { "x402/payment-response": receipt } };
    return ask("the payment was not settled, as far as is known: send the same one again", receipt);
  } catch (error) {
    claims.delete(key);
    if (error instanceof Refusal) return ask(error.message);
    return { isError: true, content: [{ type: "text", text: "It cannot be sold at the moment." }] };
  }
}

async function verifiedWork(request: object, work: () => CallToolResult): Promise<CallToolResult> {
  const { isValid, invalidReason = "invalid_payload" } = verdictSchema.parse(await post("verify", request));
  if (!isValid) throw new Refusal(invalidReason);
  return work();
}

/** @throws Error when nobody knows whether it was settled */
async function settle(request: object): Promise<Settlement> {
  const settlement = settlementSchema.parse(await post("settle", request));
  const isNamed = /^0x[0-9a-f]{64}$/i.test(settlement.transaction) && settlement.network === NETWORK;
  if (settlement.success && !isNamed) throw new Error("a settlement without its transaction");
  return settlement;
}

async function post(endpoint: "verify" | "settle", request: object): Promise<unknown> {
  const response = await fetch(`${FACILITATOR_URL}/${endpoint}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(30_000),
  });
  return response.json();
}

/** Whether a buyer accepts these terms; it may add keys, and write addresses in other letters. */
function accepts(accepted: Readonly<Record<string, unknown>>, terms: object): boolean {
  return Object.entries(terms).every(([key, term]) => {
    const value = accepted[key];
    if (typeof term === "string") return String(value).toLowerCase() === term.toLowerCase();
    if (typeof term !== "object") return value === term;
    return typeof value === "object" && value !== null && accepts({ ...value }, term);
  });
}

function digest(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
  return createHash("sha256").update(sorted.toLowerCase()).digest("hex");
}
