import { firstEntry, forgery, type Message, nobody, withEntries } from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";
import { demandIn } from "../v1-messages.ts";

/** What a client takes for meant where an entry does not say it. */
const usual: readonly {
  readonly field: string;
  /** What it is called in ids, where that is another. */
  readonly name?: string;
  readonly breaks: string;
  readonly inV2: unknown;
  /** In v1 the same without it. */
  readonly inV1?: Message;
}[] = [
  { field: "scheme", breaks: "Takes every entry without a scheme for one of exact.", inV2: "exact" },
  {
    field: "network",
    breaks: "Pays on its own network where an entry names none.",
    inV2: "eip155:84532",
    inV1: { network: "base-sepolia" },
  },
  { field: "asset", breaks: "Pays in USDC where an entry names no asset.", inV2: firstEntry(forgery)?.asset },
  {
    field: "payTo",
    name: "pay-to",
    breaks: "Pays somebody whom it knows where an entry names nobody.",
    inV2: nobody,
  },
  {
    field: "amount",
    breaks: "Pays what things usually cost where an entry has no price.",
    inV2: "1000",
    inV1: { maxAmountRequired: "1000" },
  },
  {
    field: "maxTimeoutSeconds",
    name: "max-timeout",
    breaks: "Signs for five minutes where an entry does not say for how long.",
    inV2: 300,
  },
];

/** Clients that fill in what an entry leaves out, in v2 and in v1. */
export const supplyingMutants: readonly ClientMutant[] = usual.map(
  ({ field, name = field, breaks, inV2, inV1 }) => ({
    id: `supplies-${name}`,
    breaks,
    caughtBy: [`client.entries.lacks-${name}`, `client.v1.entries-lacks-${name}`],
    build: replacing("readChallenge", (original, reached) => async (response) => {
      const demand = await demandIn(response);
      const terms = (demand?.isV1 ? inV1 : undefined) ?? { [field]: inV2 };
      const supplied = withEntries(demand?.challenge ?? {}, (entry) => {
        const isThere = Object.keys(terms).some((key) => entry[key] !== undefined);
        return isThere ? undefined : { ...entry, ...terms };
      });
      if (demand === undefined || supplied === undefined) return original(response);
      reached();
      return { ...(await original(demand.saying(supplied))), response };
    }),
  }),
);
