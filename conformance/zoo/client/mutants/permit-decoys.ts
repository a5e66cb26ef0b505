import { getAddress, isAddress } from "viem";
import { clientSteps } from "#sandbox";
import { challengeOf, isMessage, type Message } from "../messages.ts";
import { type ClientMutant, withSteps } from "../mutant.ts";
import { type PermittedChoice, permitting } from "../permitting.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that take for a permit what belongs to something else. */
export const permitDecoyMutants: readonly ClientMutant[] = [
  {
    id: "permits-the-spender-of-extra",
    breaks: "Permits the spender that `extra` names to take the money.",
    caughtBy: ofBothPermits("not-from-extra"),
    build: permitting((choice) => {
      const { spender } = extraOf(choice);
      return isAddressText(spender) ? { ...choice, spender: getAddress(spender) } : undefined;
    }),
  },
  {
    id: "permits-on-the-chain-of-extra",
    breaks: "Signs permits for the chain that `extra` names.",
    caughtBy: ofBothPermits("not-from-extra"),
    build: permitting((choice) => {
      const { chainId } = extraOf(choice);
      return typeof chainId === "number" ? { ...choice, chainId } : undefined;
    }),
  },
  {
    id: "remembers-the-first-facilitator",
    breaks: "Signs upto for the facilitator of the first entry that names one, also when it pays another.",
    caughtBy: ["client.upto.facilitator-of-the-entry"],
    build: withSteps((reached) => {
      let first: unknown;
      const changed = (choice: Parameters<typeof clientSteps.sign>[0]) => {
        if (choice.method !== "permit2" || choice.facilitator === undefined) return choice;
        if (!isAddressText(first) || first === choice.facilitator) return choice;
        reached();
        return { ...choice, facilitator: getAddress(first) };
      };
      return {
        readChallenge: (response) => {
          const accepts = challengeOf(response)?.accepts;
          const entries: readonly unknown[] = Array.isArray(accepts) ? accepts : [];
          first = entries.flatMap((entry) =>
            isMessage(entry) ? (extraIn(entry).facilitatorAddress ?? []) : [],
          )[0];
          return clientSteps.readChallenge(response);
        },
        sign: (choice, ...rest) => clientSteps.sign(changed(choice), ...rest),
        composePayment: (choice, ...rest) => clientSteps.composePayment(changed(choice), ...rest),
      };
    }),
  },
];

function extraOf({ requirements }: PermittedChoice): Message {
  return extraIn({ ...requirements });
}

function extraIn({ extra }: Message): Message {
  return isMessage(extra) ? extra : {};
}

function isAddressText(value: unknown): value is string {
  return typeof value === "string" && isAddress(value);
}
