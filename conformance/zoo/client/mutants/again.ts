import { type Address, getAddress, type Hex } from "viem";
import { clientSteps, PaymentError, toBase64Json } from "#sandbox";
import { challengeOf, firstEntry, isMessage, type Message, nobody, signingAgain } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** What officials say of a payment whose nonce the token has seen. */
const usedNonce = "invalid_exact_evm_nonce_already_used";

/** Clients that sign more than one payment for one call. */
export const againMutants: readonly ClientMutant[] = [
  {
    id: "signs-again-when-refused",
    breaks: "Signs another payment when the first is refused.",
    caughtBy: [
      "client.again.endless-402",
      "client.again.higher-price",
      "client.again.other-payee",
      "client.again.after-429",
      "client.again.after-409",
      "client.again.in-the-other-version",
      "client.again.by-another-entry",
      "client.texts.order-in-the-refusal",
      "client.v1.endless-402",
      "client.v1.higher-price",
      "client.v1.other-payee",
      "client.v1.again-after-429",
      "client.v1.again-after-409",
      ...ofBothPermits("again-higher-price", "endless-402", "again-by-another-method"),
    ],
    build: signingAgain(({ code }) => code === "payment-refused"),
  },
  {
    id: "follows-the-price",
    breaks: "Signs another payment when the price went up meanwhile.",
    caughtBy: ["client.again.higher-price", ...ofBothPermits("again-higher-price")],
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
      "client.again.after-502",
      "client.again.after-500",
      "client.again.after-gateway-timeout",
      "client.again.second-500",
      "client.answer.receipt-on-500",
      "client.v1.after-503",
      "client.v1.again-after-500",
      "client.v1.again-after-502",
      "client.v1.again-after-gateway-timeout",
      "client.v1.again-second-500",
      ...ofBothPermits("again-after-503"),
    ],
    build: signingAgain(({ code }) => code === "upstream-failed-after-payment"),
  },
  {
    id: "pays-again-when-unanswered",
    breaks: "Signs another payment when the connection broke.",
    caughtBy: [
      "client.again.lost-request",
      "client.again.lost-answer",
      "client.again.lost-then-used",
      "client.permit2.lost-answer",
      "client.upto.lost-answer",
      "client.v1.lost-answer",
      "client.again.silence",
      "client.again.second-lost",
      "client.v1.again-lost-request",
      "client.v1.again-lost-then-used",
      "client.v1.again-silence",
      "client.v1.again-second-lost",
    ],
    build: signingAgain(({ code }) => code === "outcome-unknown"),
  },
  {
    id: "takes-pending-for-unpaid",
    breaks: "Signs another payment while the first is being settled.",
    caughtBy: [
      "client.again.pending",
      "client.again.second-pending",
      "client.v1.again-pending",
      "client.v1.again-second-pending",
      ...ofBothPermits("again-pending"),
    ],
    build: signingAgain(({ code }) => code === "settlement-pending"),
  },
  ...[429, 409, 502].map((status) => ({
    id: `pays-again-after-${status}`,
    breaks: `Signs another payment after an answer of ${status}.`,
    caughtBy: [`client.again.after-${status}`, `client.v1.again-after-${status}`],
    build: signingAgain(({ response }) => response?.status === status),
  })),
  ...[
    {
      id: "takes-unclear-for-unpaid",
      breaks: "Signs another payment when nobody knows what came of the first.",
      caughtBy: [
        "client.again.unclear-settlement",
        "client.v1.again-unclear-settlement",
        ...ofBothPermits("again-unclear-settlement"),
      ],
      reason: "unexpected_settle_error",
    },
    {
      id: "takes-used-for-unpaid",
      breaks: "Signs another payment when the first is refused as used.",
      caughtBy: [
        "client.again.refused-as-used",
        "client.again.lost-then-used",
        "client.v1.again-lost-then-used",
        "client.v1.again-refused-as-used",
        ...ofBothPermits("again-refused-as-used"),
      ],
      reason: usedNonce,
    },
    {
      id: "takes-expired-for-unpaid",
      breaks: "Signs another payment when the seller says that the first has expired.",
      caughtBy: ["client.again.refused-as-expired", "client.v1.again-refused-as-expired"],
      reason: "invalid_exact_evm_payload_authorization_valid_before",
    },
  ].map(({ reason, ...facts }) => ({
    ...facts,
    build: signingAgain((failure) => failure.reason === reason),
  })),
  {
    id: "forgets-what-was-lost",
    breaks: "Signs another payment when one that it presented again is refused as used.",
    caughtBy: ["client.again.lost-then-used", "client.v1.again-lost-then-used"],
    build: replacing("retry", (original, reached) => async (presentation) => {
      const { failure, made, signAnother } = presentation;
      if (signAnother === undefined || made !== 2 || failure.reason !== usedNonce)
        return original(presentation);
      reached();
      return signAnother();
    }),
  },
  {
    id: "pays-for-the-rest",
    breaks: "Signs another payment when what it bought broke off in the middle.",
    caughtBy: ["client.again.lost-in-the-body"],
    build: withSteps((reached) => {
      let brokeOff = false;
      return {
        conclude: async (...answer) => {
          const paid = await clientSteps.conclude(...answer);
          const body = await paid.response.arrayBuffer().catch(() => undefined);
          if (body !== undefined) return { ...paid, response: new Response(body, paid.response) };
          brokeOff = true;
          throw new PaymentError("outcome-unknown", "The answer broke off.", { moneyMoved: "maybe" });
        },
        retry: async (presentation) => {
          const { signAnother } = presentation;
          if (!brokeOff || signAnother === undefined) return clientSteps.retry(presentation);
          brokeOff = false;
          reached();
          return signAnother();
        },
      };
    }),
  },
  {
    id: "falls-back-to-v1",
    breaks: "Pays in v1 when a shop that asks in both versions refuses a payment of v2.",
    caughtBy: ["client.again.in-the-other-version"],
    build: replacing("retry", (original, reached) => async (presentation) => {
      const { failure, made, signAnother } = presentation;
      const demand = await demandOf(failure);
      if (signAnother === undefined || made > 1 || demand?.beside === undefined)
        return original(presentation);
      reached();
      const signed = await signAnother();
      const { payload } = signed.message;
      const network = String(firstEntry(demand.beside)?.network);
      const message = { x402Version: 1, scheme: "exact", network, payload } as const;
      return { ...signed, message, header: toBase64Json(message) };
    }),
  },
  {
    id: "tries-every-entry",
    breaks: "Signs another payment when the one for the first entry is refused and there are more entries.",
    caughtBy: ["client.again.by-another-entry", ...ofBothPermits("again-by-another-method")],
    build: signingAgain((failure) => {
      const accepts = challengeOf(failure.response)?.accepts;
      return Array.isArray(accepts) && accepts.length > 1;
    }),
  },
  {
    id: "changes-the-terms-under-one-nonce",
    breaks: "Signs new terms of a second 402 under the nonce of the first payment.",
    caughtBy: [
      "client.again.higher-price",
      "client.again.other-payee",
      "client.v1.higher-price",
      "client.v1.other-payee",
      ...ofBothPermits("again-higher-price"),
    ],
    build: withSteps((reached) => {
      let terms: { readonly amount: bigint; readonly payTo: Address } | undefined;
      let nonce: Hex | undefined;
      return {
        authorize: (choice, ...rest) => {
          const authorization = clientSteps.authorize({ ...choice, ...terms }, ...rest);
          nonce ??= authorization.nonce;
          return { ...authorization, nonce };
        },
        retry: async (presentation) => {
          const { failure, payment, made, signAnother } = presentation;
          const entry = firstEntry((await demandOf(failure))?.challenge);
          const { amount, maxAmountRequired = amount, payTo } = entry ?? {};
          const { value, to } = payment.authorization;
          const isOther = maxAmountRequired !== value || payTo !== to;
          if (entry === undefined || !isOther || made > 1 || signAnother === undefined)
            return clientSteps.retry(presentation);
          terms = { amount: BigInt(String(maxAmountRequired)), payTo: getAddress(String(payTo)) };
          reached();
          return signAnother();
        },
      };
    }),
  },
];

/** What the new challenge of a refusal asks for. */
function termsOf({ response }: PaymentError) {
  return firstEntry(challengeOf(response));
}

/** The challenge of a refusal, in whichever version, and the one of v1 that stands beside one of v2. */
async function demandOf({
  response,
}: PaymentError): Promise<{ challenge?: Message; beside?: Message } | undefined> {
  if (response?.status !== 402) return undefined;
  const inHeader = challengeOf(response);
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const inBody = isMessage(body) && body.x402Version === 1 ? body : undefined;
  const challenge = inHeader ?? inBody;
  return {
    ...(challenge === undefined ? {} : { challenge }),
    ...(inHeader === undefined || inBody === undefined ? {} : { beside: inBody }),
  };
}
