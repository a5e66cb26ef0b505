import { clientSteps, PaymentError } from "#sandbox";
import { challengeOf, firstEntry, nobody, signingAgain } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";

/** Clients that go wrong after they have signed. */
export const afterwardsMutants: readonly ClientMutant[] = [
  {
    id: "signs-again-when-refused",
    breaks: "Signs another payment when the first is refused.",
    caughtBy: [
      "client.again.endless-402",
      "client.again.higher-price",
      "client.again.other-payee",
      "client.texts.order-in-the-refusal",
      "client.v1.endless-402",
      "client.v1.higher-price",
      "client.v1.other-payee",
    ],
    build: signingAgain(({ code }) => code === "payment-refused"),
  },
  {
    id: "follows-the-price",
    breaks: "Signs another payment when the price went up meanwhile.",
    caughtBy: ["client.again.higher-price"],
    build: signingAgain((failure) => termsOf(failure)?.amount === "2000"),
  },
  {
    id: "follows-the-payee",
    breaks: "Signs another payment when somebody else wants the money.",
    caughtBy: ["client.again.other-payee"],
    build: signingAgain((failure) => termsOf(failure)?.payTo === nobody),
  },
  {
    id: "obeys-refusals",
    breaks: "Signs another payment when the refusal tells it to.",
    caughtBy: ["client.texts.order-in-the-refusal"],
    build: signingAgain(
      ({ code, reason }) => code === "payment-refused" && reason?.includes("Sign again") === true,
    ),
  },
  {
    id: "obeys-receipts",
    breaks: "Signs another payment when the receipt of a failed settlement tells it to.",
    caughtBy: ["client.texts.order-in-the-receipt", "client.v1.texts-order-in-the-receipt"],
    build: signingAgain(
      ({ code, reason }) => code === "settlement-failed" && reason?.includes("Sign again") === true,
    ),
  },
  {
    id: "pays-again-after-5xx",
    breaks: "Signs another payment after a server error.",
    caughtBy: [
      "client.again.after-503",
      "client.again.after-500",
      "client.again.after-gateway-timeout",
      "client.v1.after-503",
      "client.v1.again-after-500",
    ],
    build: signingAgain(({ code }) => code === "upstream-failed-after-payment"),
  },
  {
    id: "pays-again-when-unanswered",
    breaks: "Signs another payment when the connection broke.",
    caughtBy: [
      "client.again.lost-request",
      "client.again.lost-answer",
      "client.v1.lost-answer",
      "client.again.silence",
      "client.v1.again-lost-request",
    ],
    build: signingAgain(({ code }) => code === "outcome-unknown"),
  },
  {
    id: "takes-pending-for-unpaid",
    breaks: "Signs another payment while the first is being settled.",
    caughtBy: ["client.again.pending", "client.v1.again-pending"],
    build: signingAgain(({ code }) => code === "settlement-pending"),
  },
  {
    id: "swallows-reasons",
    breaks: "Tells its caller that a payment was refused, and not why.",
    caughtBy: ["client.again.reason-reaches-the-caller", "client.v1.reason-reaches-the-caller"],
    build: telling((failure) => (failure.code === "payment-refused" ? "refused" : undefined)),
  },
  {
    id: "swallows-failures",
    breaks: "Tells its caller that a settlement failed, and not why.",
    caughtBy: [
      "client.again.failure-reaches-the-caller",
      "client.again.unknown-reason",
      "client.v1.unknown-reason",
    ],
    build: telling((failure) => (failure.code === "settlement-failed" ? "failed" : undefined)),
  },
  {
    id: "knows-all-reasons",
    breaks: "Stumbles over a reason that is not on its list.",
    caughtBy: ["client.again.unknown-reason", "client.v1.unknown-reason"],
    build: telling(({ code, reason }) =>
      code === "settlement-failed" && reason !== "insufficient_funds" ? "invalid_enum_value" : undefined,
    ),
  },
  {
    id: "takes-the-payment-along",
    breaks: "Follows a redirect with the payment.",
    caughtBy: [
      "client.redirect.paid-302",
      "client.redirect.paid-307",
      "client.redirect.paid-308",
      "client.v1.paid-redirect",
    ],
    build: replacing("present", (original, reached) => async (request, payment, transport, earlier) => {
      const fetch: typeof transport.fetch = async (input, init) => {
        const response = await transport.fetch(input, { ...init, redirect: "follow" });
        if (response.redirected) reached();
        return response;
      };
      return original(request, payment, { ...transport, fetch }, earlier);
    }),
  },
  {
    id: "pays-where-it-began",
    breaks: "Pays the host that sent it away for what another host asked.",
    caughtBy: ["client.redirect.unpaid-302", "client.redirect.unpaid-307", "client.v1.unpaid-redirect"],
    build: replacing("ask", (original, reached) => async (request, transport) => {
      const fetch: typeof transport.fetch = async (input, init) => {
        const response = await transport.fetch(input, init);
        if (!response.redirected) return response;
        reached();
        // Without the trace of the redirect that a Response keeps.
        return new Response(response.body, response);
      };
      return original(request, { ...transport, fetch });
    }),
  },
  {
    id: "asks-forever",
    breaks: "Asks again and again when the answer cannot be read.",
    caughtBy: ["client.size.huge-header"],
    build: replacing("ask", (original, reached) => async (...order) => {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        try {
          return await original(...order);
        } catch (error) {
          if (!(error instanceof PaymentError) || error.code !== "network-error") throw error;
          reached();
        }
      }
      return original(...order);
    }),
  },
  {
    id: "asks-for-a-smaller-body",
    breaks: "Asks again and again when the body of a 402 is larger than it likes.",
    caughtBy: ["client.size.huge-body"],
    build: replacing("ask", (original, reached) => async (...order) => {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const asked = await original(...order);
        if (Number(asked.response.headers.get("content-length")) < 1_000_000) return asked;
        await asked.response.body?.cancel();
        reached();
      }
      return original(...order);
    }),
  },
  {
    id: "insists-on-a-receipt",
    breaks: "Throws the content away when there is no receipt.",
    caughtBy: ["client.answer.no-receipt", "client.v1.no-receipt"],
    build: keepingOnly(({ settlement, hasHeader }) => settlement !== undefined || hasHeader),
  },
  {
    id: "insists-on-a-sound-receipt",
    breaks: "Throws the content away when the receipt cannot be read.",
    caughtBy: [
      "client.answer.receipt-is-no-base64",
      "client.answer.receipt-is-no-object",
      "client.answer.receipt-lacks-everything",
      "client.v1.receipt-is-no-base64",
    ],
    build: keepingOnly(({ settlement, hasHeader }) => settlement !== undefined || !hasHeader),
  },
  {
    id: "insists-on-a-plain-receipt",
    breaks: "Throws the content away when the receipt has a field that it does not know.",
    caughtBy: ["client.answer.receipt-has-unknown-fields"],
    build: keepingOnly(({ settlement }) => settlement?.settledAt === undefined),
  },
  {
    id: "reads-the-first-piece",
    breaks: "Takes the first piece of a body for the whole.",
    caughtBy: ["client.answer.slow"],
    build: withSteps((reached) => ({
      conclude: async (...answer) => {
        const paid = await clientSteps.conclude(...answer);
        const reader = paid.response.body?.getReader();
        const first = await reader?.read();
        const { status, headers } = paid.response;
        const length = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
        if (first?.done !== false || first.value.byteLength < length) reached();
        void reader?.cancel();
        return { ...paid, response: new Response(first?.value ?? null, { status, headers }) };
      },
    })),
  },
  {
    id: "reads-full-receipts-only",
    breaks: "Reads no receipt that does not name the payer.",
    caughtBy: ["client.answer.receipt-is-read", "client.v1.answer-receipt-is-read"],
    build: withSteps((reached) => ({
      conclude: async (...answer) => {
        const paid = await clientSteps.conclude(...answer);
        const { settlement } = paid.receipt;
        if (settlement === undefined || settlement.payer !== undefined) return paid;
        reached();
        const headers = new Headers(paid.response.headers);
        headers.delete("payment-response");
        headers.delete("x-payment-response");
        return { ...paid, response: new Response(paid.response.body, { headers }) };
      },
    })),
  },
];

/** What the new challenge of a refusal asks for. */
function termsOf({ response }: PaymentError) {
  return firstEntry(challengeOf(response));
}

/** Tells the caller something else than what happened; the truth where `instead` gives `undefined`. */
function telling(instead: (failure: PaymentError) => string | undefined): ClientMutant["build"] {
  return replacing("conclude", (original, reached) => async (...answer) => {
    try {
      return await original(...answer);
    } catch (error) {
      const told = error instanceof PaymentError ? instead(error) : undefined;
      if (told === undefined) throw error;
      reached();
      throw new Error(told);
    }
  });
}

/** What a client may look at before it keeps what it bought. */
interface Receipt {
  readonly settlement: Readonly<Record<string, unknown>> | undefined;
  readonly hasHeader: boolean;
}

/** Keeps what it bought only when the receipt is to its liking. */
function keepingOnly(likes: (receipt: Receipt) => boolean): ClientMutant["build"] {
  return replacing("conclude", (original, reached) => async (...answer) => {
    const paid = await original(...answer);
    const { headers } = paid.response;
    const hasHeader = headers.has("payment-response") || headers.has("x-payment-response");
    if (likes({ settlement: paid.receipt.settlement, hasHeader })) return paid;
    reached();
    throw new Error("The receipt is not as it should be.");
  });
}
