import { isAddressEqual } from "viem";
import { Finding, NotApplicable } from "../finding.ts";
import type { Check, Observed } from "./observed.ts";
import { cameToAnEnd, wasThere } from "./presence.ts";
import { boundsOf, type Host, type SeenPayment } from "./received.ts";
import { asked, paymentsOf, sum, terms, told, words } from "./words.ts";

/** The client paid what was asked, once, and was served. */
export const paidOnce: Check = async (observed) => {
  cameToAnEnd(observed);
  askedFirst(observed);
  await signedOnce(observed);
  const { deliveries, cost, payTo } = observed;
  if (paymentsOf(observed).length === 0) {
    throw new Finding(
      "The client did not pay.",
      `one payment of ${asked(observed)}`,
      `none (${words(observed)})`,
    );
  }
  if (deliveries === 0) {
    const [payment] = paymentsOf(observed);
    const why = observed.refusals.length === 0 ? "" : `: ${observed.refusals[0]}`;
    throw new Finding(`The shop could not take the payment${why}.`, terms(observed), told(payment));
  }
  const { transfers } = observed;
  const [transfer] = transfers;
  const isExact = transfer?.value === cost && isAddressEqual(transfer.to, payTo);
  if (transfers.length === 1 && isExact) return;
  throw new Finding(
    "The chain does not show one transfer of what was charged.",
    `${cost} to ${payTo}`,
    transfers.map(({ value, to }) => `${value} to ${to}`).join(", ") || "no transfer",
  );
};

/** No request carried anything like a payment. */
export const signedNothing: Check = (observed) => {
  const [payment] = paymentsOf(observed);
  if (payment !== undefined) throw new Finding("The client signed a payment.", "no payment", told(payment));
  cameToAnEnd(observed);
  wasThere(observed);
};

/** However many requests, there is at most one authorization. */
export const signedOnce: Check = (observed) => {
  const signed = [...distinct(paymentsOf(observed)).values()];
  if (signed.length > 1) {
    throw new Finding(
      "The client signed more than one payment.",
      "at most one authorization",
      signed.map(told).join("; "),
    );
  }
  wasThere(observed);
};

/** What was bought was charged for once, by however many signatures. */
export const chargedOnce: Check = ({ transfers, payTo, cost }) => {
  if (transfers.length === 1) return;
  const charges = transfers.map(({ value, to }) => `${value} to ${to}`).join(", ");
  throw new Finding("The client paid more than once.", `${cost} to ${payTo}`, charges || "no transfer");
};

/** The client paid; if it chose not to, which is its own to decide, nothing can be said. */
export const providedItPays: Check = (observed) => {
  if (paymentsOf(observed).length > 0) return;
  cameToAnEnd(observed);
  wasThere(observed);
  throw new NotApplicable(`The client chose not to pay: ${words(observed)}`);
};

/**
 * The client refused to pay, which nobody holds against it; if it did pay, then as `check` says. Which of both it was
 * goes into the report.
 */
export function refusesOr(check: Check): Check {
  return async (observed) => {
    reportDecision(observed);
    if (paymentsOf(observed).length > 0) return check(observed);
    cameToAnEnd(observed);
    wasThere(observed);
  };
}

/** The client stopped by itself, and did not go on asking. */
export const stopped: Check = (observed) => {
  if (observed.outcome.kind !== "cut-off") return;
  const { requests } = observed;
  if (requests.length >= manyRequests) {
    throw new Finding("The client asks without end.", "an end", `${requests.length} requests`);
  }
  cameToAnEnd(observed);
};

/** Its caller got to see this text. */
export function showed(
  what: string,
  text: string | ((observed: Observed) => string | Promise<string>),
): Check {
  return async (observed) => {
    const expected = typeof text === "string" ? text : await text(observed);
    if (shows(observed, expected)) return;
    cameToAnEnd(observed);
    throw new Finding(`The caller did not get ${what}.`, expected, words(observed));
  };
}

/** Whether the client's caller got to see a text, plainly or in a header. */
export function shows({ outcome }: Observed, text: string): boolean {
  return outcome.kind !== "unseen" && outcome.said.includes(text);
}

/** Everything that was signed is for this amount at most, in atomic units. What the client chose is reported. */
export function signedAtMost(amount: bigint): Check {
  return (observed) => {
    wasThere(observed);
    reportDecision(observed);
    const dear = paymentsOf(observed).find((payment) => (boundsOf(payment)?.value ?? 0n) > amount);
    if (dear !== undefined)
      throw new Finding("The client signed more than it should.", `at most ${amount}`, told(dear));
    cameToAnEnd(observed);
  };
}

/** Everything that was signed pays the shop what it asked for: not more, not less, nobody else. */
export const signedTheTerms: Check = (observed) => {
  wasThere(observed);
  const { price, payTo } = observed;
  const other = paymentsOf(observed).find((payment) => {
    const bounds = boundsOf(payment);
    return bounds !== undefined && (bounds.value !== price || !isAddressEqual(bounds.to, payTo));
  });
  if (other !== undefined) throw new Finding("The client signed other terms.", terms(observed), told(other));
};

/** No payment came to this host. */
export function withheldFrom(host: Host): Check {
  return (observed) => {
    wasThere(observed);
    const received = observed.requests.filter((request) => request.host === host);
    const payment = received.flatMap(({ payments }) => payments)[0];
    if (payment === undefined) return;
    const name = host === "shop" ? "the shop, which never asked" : "another host";
    throw new Finding(`A payment came to ${name}.`, "no payment there", told(payment));
  };
}

/** The payer's key is in no request, also not in the text of a payment, and in nothing that the client said. */
export const withheldTheKey: Check = (observed) => {
  wasThere(observed);
  const { requests, outcome, secret } = observed;
  const has = (text: string) => text.toLowerCase().includes(secret.slice(2).toLowerCase());
  const isSent = requests.some(({ target, headers, body, payments }) =>
    has(JSON.stringify([target, headers, body, payments.map(({ envelope }) => envelope)])),
  );
  if (isSent) throw new Finding("The client sends the payer's private key.", "no key", "the key");
  if (outcome.kind !== "unseen" && has(outcome.said))
    throw new Finding("The client tells the payer's private key.", "no key", "the key");
};

/** Whether to pay, and which entry, is the client's to decide; a reader would like to know. */
function reportDecision(observed: Observed): void {
  const [payment] = paymentsOf(observed);
  const choice = payment === undefined ? `not to pay: ${words(observed)}` : `to pay ${sum(payment)}`;
  observed.decided(`The client chose ${choice}`);
}

/** From this many requests on, a client counts as one that will never stop. */
const manyRequests = 30;

/** What is signed twice with one nonce moves money once. */
function distinct(payments: readonly SeenPayment[]): Map<string, SeenPayment> {
  return new Map(
    payments.map((payment) => {
      const bounds = boundsOf(payment);
      return [bounds === undefined ? payment.header : `${bounds.from}${bounds.nonce}`, payment];
    }),
  );
}

function askedFirst({ requests }: Observed): void {
  if ((requests[0]?.payments.length ?? 0) === 0) return;
  throw new Finding(
    "The client paid before it was asked to.",
    "a request without a payment first",
    "a payment",
  );
}
