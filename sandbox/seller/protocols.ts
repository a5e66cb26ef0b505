import { Problem } from "../problem.ts";
import {
  type Extensions,
  type HeaderMap,
  type HttpParts,
  type Network,
  offerReceiptKey,
  type Parsed,
  type PaymentPayload,
  type PaymentRequiredV1,
  type PaymentRequirements,
  paymentFromV1,
  type ResourceInfo,
  receiptToV1,
  requirementsToV1,
  type SettleResponse,
  v1ErrorReason,
  v1NetworkName,
  x402V1,
  x402V1Headers,
  x402V2,
  x402V2Headers,
} from "../protocol/index.ts";
import type { Exchange, Offer, Seller } from "./exchange.ts";
import type { PaymentMethod } from "./payment-method.ts";
import type { Route } from "./route.ts";

/** The versions of x402 that buyers may speak, newest first. */
export const protocolIds = ["x402@2", "x402@1"] as const;

/** A version of x402 that buyers may speak. */
export type ProtocolId = (typeof protocolIds)[number];

/**
 * A version of x402 as the steps use it. They think in the words of v2; what a buyer reads and writes is the business
 * of the version's dialect.
 */
export interface SellerProtocol {
  readonly id: ProtocolId;
  /** Whether it knows a way to pay. */
  knows(method: PaymentMethod): boolean;
  /** Whether its messages have a place for extensions. */
  readonly carriesExtensions: boolean;
  /** The header that pays, lower case. */
  readonly paymentHeader: string;
  /** Headers for the Fetch standard's CORS: those that buyers send, and those that they have to read. */
  readonly cors: { readonly sent: readonly string[]; readonly read: readonly string[] };
  /** Asks for money; `error` says why. Versions without a place for extensions leave them out. */
  writeChallenge(offer: Offer, error: string, extensions?: Extensions): HttpParts;
  /** The payment of a request, as an answer to `offer`; `undefined` when there is none in this version. */
  readPayment(headers: HeaderMap, offer: Offer): Parsed<PaymentPayload> | undefined;
  /** The receipt that goes with the goods. */
  writeReceipt(receipt: SettleResponse): HttpParts;
  /** The receipt that says that the money did not move, or not yet. */
  writeFailure(receipt: SettleResponse, offer: Offer): HttpParts;
  /** The entry of a price list (x402 v2 §8.2). */
  list(
    resource: ResourceInfo,
    requirements: PaymentRequirements,
  ): { x402Version: number; accepts: unknown[] };
}

const x402V2Seller: SellerProtocol = {
  id: "x402@2",
  knows: () => true,
  carriesExtensions: true,
  paymentHeader: x402V2Headers.payment,
  cors: { sent: ["PAYMENT-SIGNATURE"], read: ["PAYMENT-REQUIRED", "PAYMENT-RESPONSE"] },
  writeChallenge: ({ resource, requirements }, error, extensions) =>
    x402V2.writeChallenge({
      x402Version: 2,
      error,
      resource,
      accepts: [requirements],
      ...(extensions === undefined ? {} : { extensions }),
    }),
  readPayment: (headers) => x402V2.readPayment(headers),
  writeReceipt: (receipt) => x402V2.writeReceipt(receipt),
  writeFailure: (receipt) => x402V2.writeReceipt(receipt),
  list: (_resource, requirements) => ({ x402Version: 2, accepts: [requirements] }),
};

const x402V1Seller: SellerProtocol = {
  id: "x402@1",
  knows: (method) => method === "eip3009",
  carriesExtensions: false,
  paymentHeader: x402V1Headers.payment,
  // The official client sends Access-Control-Expose-Headers, an answer's header, with its request.
  cors: { sent: ["X-PAYMENT", "Access-Control-Expose-Headers"], read: ["X-PAYMENT-RESPONSE"] },
  writeChallenge: (offer, error, extensions) =>
    x402V1.writeChallenge({ ...challengeV1(offer, v1ErrorReason(error, error)), ...signedIn(extensions) }),
  readPayment: (headers, { requirements }) => {
    const payment = x402V1.readPayment(headers);
    return payment?.ok ? paymentFromV1(payment.value, requirements) : payment;
  },
  writeReceipt: (receipt) =>
    x402V1.writeReceipt({ ...receiptToV1(receipt), ...signedIn(receipt.extensions) }),
  writeFailure: (receipt, offer) => {
    const inV1 = receiptToV1(receipt);
    const challenge = x402V1.writeChallenge(challengeV1(offer, inV1.errorReason ?? "Payment not settled"));
    return { ...challenge, headers: { ...challenge.headers, ...x402V1.writeReceipt(inV1).headers } };
  },
  list: (resource, requirements) => ({ x402Version: 1, accepts: acceptsV1(resource, requirements) }),
};

/** v1 knows no extensions; offers and receipts alone have a place in its messages (offer-receipt §5.1, §6.2). */
function signedIn(extensions: Extensions | undefined): { extensions?: Extensions } {
  const signed = extensions?.[offerReceiptKey];
  return signed === undefined ? {} : { extensions: { [offerReceiptKey]: signed } };
}

/** Newest first: where both are spoken and a request pays in both, the newer payment counts. */
const protocols: readonly SellerProtocol[] = [x402V2Seller, x402V1Seller];

/**
 * The versions that a seller speaks, newest first.
 *
 * @throws Problem `config` when there is none, or v1 has no name for the network
 */
export function spokenProtocols(
  ids: readonly ProtocolId[],
  network: Network,
): readonly [SellerProtocol, ...SellerProtocol[]] {
  if (ids.includes("x402@1") && v1NetworkName(network) === undefined) {
    const message = `x402 v1 has no name for the network ${network}, so it cannot be paid on.`;
    throw new Problem("config", message, "Leave x402@1 out of `protocols`.");
  }
  const [newest, ...older] = protocols.filter(({ id }) => ids.includes(id));
  if (newest === undefined) {
    throw new Problem(
      "config",
      "The seller speaks no version of x402.",
      "Name x402@2 or x402@1 in `protocols`.",
    );
  }
  return [newest, ...older];
}

/**
 * Refuses a route that nobody could pay.
 *
 * @throws Problem `config` when no version that is spoken knows how it is paid
 */
export function requirePayable(route: Route, spoken: readonly SellerProtocol[]): void {
  if (isPayable(route, spoken)) return;
  throw new Problem(
    "config",
    `${route.name} is paid by ${route.paidBy}, which ${spoken.map(({ id }) => id).join(" and ")} does not know.`,
    "Name x402@2 in `protocols`, or let the route be paid by eip3009.",
  );
}

/** Whether a route costs nothing, or can be paid in one of these versions. */
export function isPayable(
  { price, paidBy }: Route,
  spoken: readonly Pick<SellerProtocol, "knows">[],
): boolean {
  return price === undefined || spoken.some((protocol) => protocol.knows(paidBy));
}

/** The versions in which a route can be paid, newest first. */
export function protocolsFor({
  route,
  seller,
}: {
  readonly route: Pick<Route, "paidBy">;
  readonly seller: Pick<Seller, "protocols">;
}): readonly SellerProtocol[] {
  return seller.protocols.filter((protocol) => protocol.knows(route.paidBy));
}

/** The version in which a request pays, if it does. Of two payments in one request the newer version's counts. */
export function paidIn(exchange: Exchange): SellerProtocol | undefined {
  const { request } = exchange;
  return protocolsFor(exchange).find(({ paymentHeader }) => request.headers[paymentHeader] !== undefined);
}

function challengeV1({ resource, requirements }: Offer, error: string): PaymentRequiredV1 {
  return { x402Version: 1, error, accepts: acceptsV1(resource, requirements) };
}

function acceptsV1(resource: ResourceInfo, requirements: PaymentRequirements): PaymentRequiredV1["accepts"] {
  const inV1 = requirementsToV1(requirements, resource);
  return inV1 === undefined ? [] : [inV1];
}
