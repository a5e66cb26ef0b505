import { clientSteps, fromBase64Json, PaymentError } from "#sandbox";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";

/** Clients that do not tell their caller what came of a payment, or do not come to an end. */
export const afterwardsMutants: readonly ClientMutant[] = [
  {
    id: "swallows-reasons",
    breaks: "Tells its caller that a payment was refused, and not why.",
    caughtBy: [
      "client.again.reason-in-the-header-alone",
      "client.again.reason-reaches-the-caller",
      "client.v1.reason-reaches-the-caller",
    ],
    build: telling((failure) => (failure.code === "payment-refused" ? "refused" : undefined)),
  },
  {
    id: "swallows-failures",
    breaks: "Tells its caller that a settlement failed, and not why.",
    caughtBy: [
      "client.again.failure-in-the-header-alone",
      "client.again.failure-reaches-the-caller",
      "client.again.unknown-reason",
      "client.v1.unknown-reason",
    ],
    build: telling((failure) => (failure.code === "settlement-failed" ? "failed" : undefined)),
  },
  {
    id: "reads-reasons-in-bodies-alone",
    breaks: "Tells its caller what the body of a refusal says, and not what its headers say.",
    caughtBy: ["client.again.failure-in-the-header-alone", "client.again.reason-in-the-header-alone"],
    build: replacing("conclude", (original, reached) => async (response, ...rest) => {
      const body = await response.clone().text();
      try {
        return await original(response, ...rest);
      } catch (error) {
        if (body !== "{}") throw error;
        reached();
        throw new Error(`The payment was refused: ${body}`);
      }
    }),
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
      "client.answer.receipt-is-null",
      "client.answer.receipt-lacks-everything",
      "client.v1.receipt-is-no-base64",
    ],
    build: keepingOnly(({ settlement, hasHeader }) => settlement !== undefined || !hasHeader),
  },
  {
    id: "stumbles-over-null",
    breaks: "Looks into a receipt that is JSON null, and throws the content away with it.",
    caughtBy: ["client.answer.receipt-is-null"],
    build: replacing("conclude", (original, reached) => async (response, ...rest) => {
      const receipt = fromBase64Json(response.headers.get("payment-response") ?? "");
      if (!receipt.ok || receipt.value !== null) return original(response, ...rest);
      reached();
      throw new TypeError("Cannot read properties of null");
    }),
  },
  {
    id: "insists-on-a-plain-receipt",
    breaks: "Throws the content away when the receipt has a field that it does not know.",
    caughtBy: ["client.answer.receipt-has-unknown-fields"],
    build: keepingOnly(({ settlement }) => settlement?.settledAt === undefined),
  },
  {
    id: "takes-free-for-failed",
    breaks: "Throws the content away when the receipt names no transaction, because nothing was charged.",
    caughtBy: ["client.upto.charged-nothing-reaches-the-caller"],
    build: keepingOnly(({ settlement }) => settlement?.amount !== "0"),
  },
  {
    id: "pays-until-it-costs",
    breaks: "Signs another permit when nothing was charged for the first.",
    caughtBy: ["client.upto.charged-nothing"],
    build: withSteps((reached) => {
      let wasFree = false;
      return {
        conclude: async (...answer) => {
          const paid = await clientSteps.conclude(...answer);
          if (wasFree || paid.receipt.settlement?.transaction !== "") return paid;
          wasFree = true;
          throw new PaymentError("payment-refused", "Nothing was charged.", { moneyMoved: "no" });
        },
        retry: async (presentation) => {
          const { signAnother, made } = presentation;
          if (!wasFree || signAnother === undefined || made > 1) return clientSteps.retry(presentation);
          reached();
          return signAnother();
        },
      };
    }),
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
    build: withholdingReceipts(
      ({ receipt: { settlement } }) => settlement !== undefined && settlement.payer === undefined,
    ),
  },
  {
    id: "reads-receipts-on-200-only",
    breaks: "Reads no receipt that comes with another status of success than 200.",
    caughtBy: ["client.answer.receipt-on-201"],
    build: withholdingReceipts(({ response }) => response.status !== 200),
  },
  {
    id: "takes-failures-for-unsettled",
    breaks: "Says of every failure that nothing was settled, whatever its receipt says.",
    caughtBy: ["client.answer.receipt-on-500"],
    build: telling(({ receipt }) =>
      receipt?.settlement?.success === true ? "The payment was not settled." : undefined,
    ),
  },
];

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

type Paid = Awaited<ReturnType<(typeof clientSteps)["conclude"]>>;

/** Hands over what was bought, and of some answers no receipt. */
function withholdingReceipts(of: (paid: Paid) => boolean): ClientMutant["build"] {
  return replacing("conclude", (original, reached) => async (...answer) => {
    const paid = await original(...answer);
    if (!of(paid)) return paid;
    reached();
    const headers = new Headers(paid.response.headers);
    headers.delete("payment-response");
    headers.delete("x-payment-response");
    return { ...paid, response: new Response(paid.response.body, { headers }) };
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
