import { type CatalogueEntry, catalogue, type FaultName, namedAccounts } from "#sandbox";
import { table } from "./markdown.ts";

/** Where the admin API listens unless told otherwise. */
const admin = "http://127.0.0.1:4020";

type Place = CatalogueEntry["place"];

/** What a fault behind the facilitator looks like to a seller, and which case judges what the seller makes of it. */
export const sellerViews: Readonly<Partial<Record<FaultName, string>>> = {
  "transaction-dropped":
    "A slow settlement, or `settlement_pending` (`seller.settlement.pending-is-not-success`): no seller can tell it from a slow chain.",
  "transaction-replaced": "As `transaction-dropped`.",
  "mining-stopped": "As `transaction-dropped`. A case would wait for the facilitator's patience to end.",
  "transaction-reverts": "A refused settlement that names a transaction: `seller.chain.reverted`.",
  "authorization-front-run": "A refused settlement, although the payee was paid: `seller.chain.front-run`.",
  "authorization-cancelled":
    "A refused settlement of an authorization that the chain calls spent: `seller.chain.cancelled`.",
  "transaction-reorganized-away":
    "Nothing: the settlement succeeded when it was reported. What becomes of it is the facilitator's matter.",
  "rpc-slow": "A slow facilitator (`settle-slow`).",
  "rpc-down": "A facilitator that could not check: `seller.chain.node-is-down`.",
  "rpc-429": "A facilitator that could not check: `seller.chain.node-answers-429`.",
  "rpc-rate-limited": "A facilitator that could not check: `seller.chain.node-refuses`.",
  "rpc-simulation-refused": "A facilitator that could not check, as with `rpc-rate-limited`.",
  "rpc-send-refused": "A refused settlement that names no transaction, of a payment that verified.",
  "rpc-gas-unpaid": "As `rpc-send-refused`.",
  "rpc-receipts-refused": "As `transaction-dropped`.",
  "rpc-receipts-missing": "As `transaction-dropped`.",
  "rpc-answer-lost": "Nothing: the facilitator finds the transaction.",
  "clock-moved": "A payment that expired on its way: `seller.chain.clock-moved`.",
  "token-paused": "A payment that does not verify: `seller.authorization.paused-token`.",
  "token-blacklists-payer": "A payment that does not verify: `seller.authorization.blacklisted-payer`.",
  "token-returns-false":
    "A refused settlement whose transaction succeeded: `seller.chain.token-fails-silently`.",
  "token-takes-a-fee":
    "A refused settlement, since less arrived than was asked: `seller.chain.token-takes-a-fee`. The fee is lost.",
  "token-emits-no-event":
    "A refused settlement, since nobody can show that the money arrived: `seller.chain.token-emits-no-event`.",
  "token-forgets-nonces":
    "A settled payment that the chain would take again: `seller.chain.token-forgets-nonces`.",
  "token-without-code": "A payment that does not verify: `seller.chain.token-without-code`.",
};

/** docs/faults.md: what can be made to go wrong in a running sandbox, and how. */
export function faultsPage(): string {
  return [
    "# Faults",
    `While a sandbox runs, its admin API makes the facilitator, the chain or the token misbehave. The commands here are for the usual address, \`${admin}\`; a test runs every one of them. Written by \`npm run docs\` from the catalogue in \`sandbox/faults\`.`,
    "## Switch on, look, switch off",
    commands(
      order({ name: "settle-refuses", times: 1 }),
      `curl ${admin}/faults`,
      `curl -X DELETE ${admin}/faults`,
    ),
    "`GET /faults` gives the `catalogue` and what was ordered, as `active`: each with its `id`, its `place`, its `seed`, how many calls it `reached`, and whether it is still `on`. `DELETE /faults/1` switches off the one with the id 1. What is switched off is made good: mining goes on, the clock goes back, the token is the old one. When the sandbox ends, everything is switched off first.",
    "An order may say, besides the `name`:",
    table(
      ["field", "meaning"],
      [
        ["`payer`", "Bites only what concerns the payments of this address; without it, everybody's."],
        ["`times`", "Ends after it bit so many calls. Not for states, which bite no single calls."],
        ["`lastsMs`", "Ends after so many milliseconds."],
        [
          "`chance`",
          "Bites only this share of the calls that it could, e.g. 0.1. The `seed` decides which: the same seed, the same row of calls, the same bites. Not for states.",
        ],
        ["`seed`", "Any text; without it, a random one, which the answer tells."],
      ],
    ),
    "Some faults take more: `reason` (of a refusal), `delayMs`, `advanceSeconds`, `asset`. What a fault has no use for is refused. The fault ordered first bites first.",
    commands(
      order({ name: "verify-500", payer: namedAccounts.payer.address, times: 2 }),
      order({ name: "settle-answer-lost", chance: 0.1, seed: "friday", lastsMs: 60_000 }),
    ),
    "**alone**: others feel it, too, whoever the order names, so nothing else can be tried meanwhile.",
    "## Facilitator",
    "They bite calls of the sandbox's facilitator, before it sees them.",
    faultTable("facilitator"),
    "## Chain",
    `They bite between the facilitator and its node, on an RPC endpoint that passes everything on: \`faultyRpcUrl\` in \`GET ${admin}/\` and in the ready line. The sandbox's own facilitator goes that way only while such a fault is on, so that it costs nothing otherwise. A facilitator of your own feels the faults when you start it with that address as its RPC_URL. Whoever uses \`rpcUrl\`, the node itself, sees the truth. A \`payer\` is found in the parameters, in the calldata, or in the signed transaction that a call is about.`,
    faultTable("chain"),
    "`authorization-front-run` and `authorization-cancelled` come between the last check and the transaction, which is later than any check. A cancelled authorization is marked as spent in the token's storage, as `cancelAuthorization` does with the payer's signature; there is no event. Neither can be taken back when the fault is switched off.",
    "## Token",
    "They replace the code at the token's address and leave its storage: balances, used authorizations and the domain stay, and what is wrong is the code alone. So payments that were signed for the honest token meet the wrong one, with sellers and buyers as they are, as after a bad upgrade of the real token's proxy; at an address of its own, a seller would have to be set up to price in it. That is possible, too: an order with `asset` puts the code at that address instead, and others feel nothing of it.",
    faultTable("token"),
    "`returns false`: ERC-20 lets `transfer` fail by returning false. `transferWithAuthorization` returns nothing (EIP-3009), so there the same token fails in silence: the transaction succeeds, the authorization is spent, and nothing moves. Who looks at the transaction's status alone takes it for paid.",
    "## What a seller can be judged by",
    "A seller sees the chain through its facilitator. Most faults of the chain and the token reach it as an answer that another fault gives as well; where no seller could be wrong by itself, there is no case.",
    table(
      ["fault", "what a seller sees of it"],
      catalogue().flatMap(({ name }) => {
        const view = sellerViews[name];
        return view === undefined ? [] : [[`\`${name}\``, view]];
      }),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

function faultTable(place: Place): string {
  return table(
    ["fault", "what it does", "try it"],
    catalogue()
      .filter((entry) => entry.place === place)
      .map((entry) => [`\`${entry.name}\``, effect(entry), `\`${order(example(entry))}\``]),
  );
}

function effect({ effect, alone, standing }: CatalogueEntry): string {
  const marks = [...(standing ? ["a state"] : []), ...(alone ? ["alone"] : [])];
  return marks.length === 0 ? effect : `${effect} (${marks.join(", ")})`;
}

/** An order that shows what the fault takes. */
function example({ name, takes, standing, needsPayer }: CatalogueEntry): object {
  return {
    name,
    ...(needsPayer ? { payer: namedAccounts.payer.address } : {}),
    ...(takes.includes("reason") ? { reason: "invalid_network" } : {}),
    ...(takes.includes("delayMs") ? { delayMs: 2000 } : {}),
    ...(takes.includes("advanceSeconds") ? { advanceSeconds: 600 } : {}),
    ...(standing ? {} : { times: 1 }),
  };
}

function order(body: object): string {
  return `curl --json '${JSON.stringify(body)}' ${admin}/faults`;
}

function commands(...lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}
