import type { Address } from "viem";
import type { PermitScheme } from "../../oracles/permit2.ts";
import {
  encodeBase64Text,
  isJsonObject,
  type Json,
  type JsonObject,
  v1NameOf,
} from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";

/** What a shop sells, and for how much. */
export interface Goods {
  /** CAIP-2 name of the run's own network. */
  readonly network: string;
  readonly asset: Address;
  readonly payTo: Address;
  /** Atomic units. */
  readonly price: bigint;
  /** The token's own EIP-712 domain. */
  readonly domain: { readonly name: string; readonly version: string };
  readonly url: string;
  /** It takes this scheme by Permit2; `exact` by EIP-3009 without it. Only for x402 v2. */
  readonly byPermit2?: PermitScheme | undefined;
  /** Who settles `upto`. */
  readonly facilitator: Address;
}

/** One thing that is different about how a shop asks for money. All functions get what an honest shop would send. */
export interface Demand {
  /** Another entry in place of the only one. */
  readonly entry?: (entry: JsonObject) => JsonObject;
  /** Other entries; what they hold is taken from the honest one. */
  readonly accepts?: (entry: JsonObject) => readonly Json[];
  /** Another message around the entries. */
  readonly challenge?: (challenge: JsonObject) => Json;
  /** Another text in place of the message's JSON, before it is encoded. */
  readonly json?: (text: string) => string;
  /** Another header value in place of the encoded message; none when it gives `undefined`. Only for x402 v2. */
  readonly header?: (value: string) => string | undefined;
  /** Another body; only for x402 v2, where it carries nothing. Given the message that is in the header. */
  readonly body?: (challenge: Json) => string;
  /** The body asks in x402 v1, with this different; with `{}` for the same. */
  readonly alsoInV1?: Demand;
  /** Another status than 402. */
  readonly status?: number;
  /** Other headers along with the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sold is said to be at the other host. */
  readonly resourceElsewhere?: true;
  /** Instead of asking, the client is sent to another host with this status; that one asks honestly. */
  readonly movedWith?: number;
}

/** An answer that asks for money, ready to be sent. */
export interface AskingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The entries that were offered. */
  readonly entries: readonly JsonObject[];
  readonly challenge: Json;
}

/** Seconds that a payment may take, as an honest shop has it. */
const honestTimeout = 60;

/** Puts a demand into the words of a version. */
export function ask(protocol: ProtocolId, goods: Goods, demand: Demand, error: string): AskingAnswer {
  const entry = (demand.entry ?? same)(honestEntry(protocol, goods));
  const accepts = demand.accepts === undefined ? [entry] : demand.accepts(entry);
  const honest = honestChallenge(protocol, goods, accepts, error);
  const challenge = demand.challenge === undefined ? honest : demand.challenge(honest);
  const text = (demand.json ?? same)(JSON.stringify(challenge));
  const { status = 402 } = demand;
  const entries = accepts.filter((entry) => isJsonObject(entry));
  if (protocol === "x402@1") return { status, ...inBody(demand, text), entries, challenge };
  const asked = { status, ...inHeader(demand, challenge, text), entries, challenge };
  if (demand.alsoInV1 === undefined) return asked;
  const beside = ask("x402@1", goods, demand.alsoInV1, error);
  return { ...asked, body: beside.body, entries: [...entries, ...beside.entries] };
}

function inHeader({ header, body, headers }: Demand, challenge: Json, text: string) {
  const value = (header ?? same<string | undefined>)(encodeBase64Text(text));
  return {
    headers: {
      "content-type": "application/json",
      ...(value === undefined ? {} : { "payment-required": value }),
      ...headers,
    },
    body: body === undefined ? "{}" : body(challenge),
  };
}

function inBody({ headers }: Demand, text: string) {
  return { headers: { "content-type": "application/json", ...headers }, body: text };
}

/** The entry of an honest shop. */
function honestEntry(protocol: ProtocolId, goods: Goods): JsonObject {
  const { network, asset, payTo, price, domain, url } = goods;
  const common = { asset, payTo, maxTimeoutSeconds: honestTimeout, extra: { ...domain } };
  if (protocol === "x402@2")
    return { scheme: "exact", network, amount: String(price), ...common, ...permitTerms(goods) };
  return {
    scheme: "exact",
    network: v1NameOf(network) ?? network,
    maxAmountRequired: String(price),
    resource: url,
    description: "A report",
    mimeType: "application/json",
    ...common,
  };
}

/** What an entry says otherwise when it is paid by Permit2. */
function permitTerms({ byPermit2: scheme, domain, facilitator }: Goods): JsonObject {
  if (scheme === undefined) return {};
  const extra = { ...domain, assetTransferMethod: "permit2" };
  return { scheme, extra: scheme === "upto" ? { ...extra, facilitatorAddress: facilitator } : extra };
}

function honestChallenge(
  protocol: ProtocolId,
  { url }: Goods,
  accepts: readonly Json[],
  error: string,
): JsonObject {
  if (protocol === "x402@1") return { x402Version: 1, error, accepts };
  return {
    x402Version: 2,
    error,
    resource: { url, description: "A report", mimeType: "application/json" },
    accepts,
  };
}

function same<T>(value: T): T {
  return value;
}
