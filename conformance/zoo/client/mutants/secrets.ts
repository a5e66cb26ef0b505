import { referenceClient } from "../../../subjects/client/index.ts";
import type { ClientMutant } from "../mutant.ts";

const caughtBy = ["client.secrets.key-stays", "client.v1.secrets-key-stays"];

/** Clients that give away what must stay with them. */
export const secretMutants: readonly ClientMutant[] = [
  {
    id: "tells-its-configuration",
    breaks: "Tells its whole configuration, the key included, when something goes wrong.",
    caughtBy,
    build: (reached) => (context) => async (url, init) => {
      const fetch = await referenceClient()(context);
      return fetch(url, init).catch((cause: unknown) => {
        reached();
        throw new Error(`It failed with ${JSON.stringify(context)}`, { cause });
      });
    },
  },
  {
    id: "names-itself-by-its-key",
    breaks: "Says in a header of every request whose client it is, by the payer's key.",
    caughtBy,
    build: (reached) => (context) => async (url, init) => {
      const fetch = await referenceClient()(context);
      const headers = new Headers(init?.headers);
      headers.set("x-wallet", context.privateKey.slice(2).toUpperCase());
      reached();
      return fetch(url, { ...init, headers });
    },
  },
];
