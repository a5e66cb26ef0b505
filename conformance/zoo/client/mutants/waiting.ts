import { clientSteps } from "#sandbox";
import { type ClientMutant, withSteps } from "../mutant.ts";

/** How long a client waits for an answer, in milliseconds; the zoo's shops are silent for longer. */
const patience = 2_000;

/** Clients that do not know how to wait. */
export const waitingMutants: readonly ClientMutant[] = [
  {
    id: "pays-again-when-impatient",
    breaks: "Hangs up when there is no answer for two seconds, and signs another payment.",
    caughtBy: ["client.again.silence", "client.v1.again-silence"],
    build: withSteps((reached) => {
      let hasGivenUp = false;
      return {
        present: async (request, payment, transport, ...rest) => {
          const began = Date.now();
          const timeouts = { ...transport.timeouts, answer: patience };
          try {
            return await clientSteps.present(request, payment, { ...transport, timeouts }, ...rest);
          } catch (error) {
            if (Date.now() - began >= patience) hasGivenUp = true;
            throw error;
          }
        },
        retry: async (presentation) => {
          const { signAnother } = presentation;
          if (!hasGivenUp || signAnother === undefined) return clientSteps.retry(presentation);
          hasGivenUp = false;
          reached();
          return signAnother();
        },
      };
    }),
  },
];
