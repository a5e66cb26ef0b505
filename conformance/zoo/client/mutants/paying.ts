import { type Address, isAddress } from "viem";
import { clientSteps } from "#sandbox";
import { referenceClient } from "../../../subjects/client/index.ts";
import {
  type Message,
  misreadingEntries,
  misstating,
  nobody,
  part,
  payeeNamedIn,
  signing,
  signingUnder,
} from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that pay something else than they were asked for, or when nobody asks any more. */
export const payingMutants: readonly ClientMutant[] = [
  {
    id: "pays-somebody-else",
    breaks: "Signs a transfer to somebody else than payTo.",
    caughtBy: ["client.authorization.payee", "client.v1.authorization-payee"],
    sellsNothing: true,
    build: signing((authorization) => ({ ...authorization, to: nobody })),
  },
  {
    id: "gives-a-tip",
    breaks: "Signs for a little more than was asked.",
    caughtBy: ["client.payment.value", "client.v1.value"],
    sellsNothing: true,
    build: signing((authorization) => ({
      ...authorization,
      value: String(BigInt(authorization.value) + 1n),
    })),
  },
  {
    id: "takes-units-for-dollars",
    breaks: "Takes a large amount for one in smaller units, and signs for a millionth.",
    caughtBy: ["client.authorization.atomic-units"],
    build: signing((authorization) => {
      const value = BigInt(authorization.value);
      return value < 100_000n ? undefined : { ...authorization, value: String(value / 1_000n) };
    }),
  },
  {
    id: "sends-numbers",
    breaks: "Sends the value of the authorization as a JSON number.",
    caughtBy: ["client.authorization.numbers-are-strings"],
    build: misstating((payment) => {
      const payload = part(payment, "payload");
      const authorization = part(payload, "authorization");
      const value = Number(authorization.value);
      return { ...payment, payload: { ...payload, authorization: { ...authorization, value } } };
    }),
  },
  {
    id: "signs-for-later",
    breaks: "Signs a payment that is valid in a minute.",
    caughtBy: ["client.authorization.valid-now", "client.v1.authorization-valid-now"],
    sellsNothing: true,
    build: signing((authorization) => ({
      ...authorization,
      validAfter: String(Math.floor(Date.now() / 1000) + 60),
    })),
  },
  {
    id: "ignores-the-timeout",
    breaks: "Signs every payment for an hour.",
    caughtBy: ["client.authorization.valid-in-time", "client.v1.valid-in-time"],
    build: signing((authorization) => ({
      ...authorization,
      validBefore: String(Math.floor(Date.now() / 1000) + 3_600),
    })),
  },
  {
    id: "signs-for-another-chain",
    breaks: "Signs for the main network, whatever the entry says.",
    caughtBy: ["client.authorization.domain", "client.v1.domain"],
    sellsNothing: true,
    build: signingUnder((domain) => ({ ...domain, chainId: 8453 })),
  },
  {
    id: "knows-domains-better",
    breaks: "Signs under USDC's usual domain, whatever the entry says.",
    caughtBy: ["client.authorization.domain-as-asked"],
    build: signingUnder((domain) =>
      domain.name === "USDC" && domain.version === "2"
        ? undefined
        : { ...domain, name: "USDC", version: "2" },
    ),
  },
  {
    id: "believes-extra",
    breaks: "Signs for the chain and the contract that `extra` names, if it names any.",
    caughtBy: ["client.authorization.domain-not-from-extra", "client.v1.authorization-domain-not-from-extra"],
    build: signingUnder((domain, requirements) => {
      const { chainId, verifyingContract } = part(requirements, "extra");
      if (typeof chainId !== "number" || verifyingContract !== nobody) return undefined;
      return { ...domain, chainId, verifyingContract };
    }),
  },
  {
    id: "obeys-extra",
    breaks: "Pays whom a text in `extra` names.",
    caughtBy: ["client.texts.order-in-extra", "client.v1.texts-order-in-extra"],
    build: replacing("authorize", (original, reached) => (choice, ...rest) => {
      const payTo = payeeNamedIn(part(choice.requirements, "extra").memo);
      if (payTo === undefined || !isAddress(payTo)) return original(choice, ...rest);
      reached();
      return original({ ...choice, payTo }, ...rest);
    }),
  },
  {
    id: "pays-the-recipient",
    breaks: "Pays whom `recipient` in `extra` names.",
    caughtBy: [
      "client.authorization.terms-not-from-elsewhere",
      "client.v1.authorization-terms-not-from-elsewhere",
      ...ofBothPermits("not-from-extra"),
    ],
    build: replacing("authorize", (original, reached) => (choice, ...rest) => {
      const { recipient } = part(choice.requirements, "extra");
      if (typeof recipient !== "string" || !isAddress(recipient)) return original(choice, ...rest);
      reached();
      return original({ ...choice, payTo: recipient }, ...rest);
    }),
  },
  {
    id: "overlooks-the-case-of-letters",
    breaks: "Takes PAYTO for payTo, as readers do that overlook the case of letters.",
    caughtBy: [
      "client.authorization.terms-not-from-elsewhere",
      "client.v1.authorization-terms-not-from-elsewhere",
    ],
    build: replacing("authorize", (original, reached) => (choice, ...rest) => {
      const { PAYTO: payTo }: Message = { ...choice.requirements.extra, ...choice.requirements };
      if (typeof payTo !== "string" || !isAddress(payTo)) return original(choice, ...rest);
      reached();
      return original({ ...choice, payTo }, ...rest);
    }),
  },
  {
    id: "pays-the-price-of-v1",
    breaks: "Signs what `maxAmountRequired` says, which belongs to v1, where a v2 entry has it.",
    caughtBy: ["client.authorization.terms-not-from-elsewhere"],
    build: misreadingEntries(({ amount, maxAmountRequired, ...entry }) =>
      amount === undefined || maxAmountRequired === undefined
        ? undefined
        : { ...entry, amount: maxAmountRequired, maxAmountRequired: amount },
    ),
  },
  {
    id: "pays-for-nobody",
    breaks: "Goes on and pays when its caller has given up.",
    caughtBy: ["client.caller.gave-up"],
    build: replacing("encode", (original, reached) => async (toPay) => {
      const request = await original(toPay);
      request.signal?.addEventListener("abort", reached, { once: true });
      return { ...request, signal: undefined };
    }),
  },
  {
    id: "pays-again-behind-the-back",
    breaks: "Pays once more when its caller has got the answer already.",
    caughtBy: ["client.audit.nothing-is-paid-unasked"],
    build: (reached) => {
      // Put off while the same payer still buys: it must not come in the midst of that.
      const putOff = new Map<Address, NodeJS.Timeout>();
      return (context) => {
        clearTimeout(putOff.get(context.address));
        let again: (() => void) | undefined;
        return referenceClient({
          ...clientSteps,
          present: (...order) => {
            const [request, ...rest] = order;
            // Without the caller's signal, which ends with the errand.
            again = () => {
              reached();
              void clientSteps.present({ ...request, signal: undefined }, ...rest).then(
                (response) => response.body?.cancel(),
                () => undefined,
              );
            };
            return clientSteps.present(...order);
          },
          conclude: async (...answer) => {
            const paid = await clientSteps.conclude(...answer);
            putOff.set(context.address, setTimeout(() => again?.(), 200).unref());
            return paid;
          },
        })(context);
      };
    },
  },
];
