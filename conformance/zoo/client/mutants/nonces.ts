import { type Address, bytesToHex, type Hex, keccak256, stringToHex } from "viem";
import { clientSteps } from "#sandbox";
import { signing } from "../messages.ts";
import { type ClientMutant, withSteps } from "../mutant.ts";

/** Clients whose nonces can be guessed, or come twice. */
export const nonceMutants: readonly ClientMutant[] = [
  {
    id: "counts-nonces",
    breaks: "Numbers its payments instead of drawing a nonce.",
    caughtBy: ["client.authorization.nonce-is-random", "client.v1.authorization-nonce-is-random"],
    build: signing((authorization) => {
      count += 1;
      return { ...authorization, nonce: bytesToHex(new Uint8Array([count >> 8, count & 255]), { size: 32 }) };
    }),
  },
  ...[
    { id: "makes-nonces-of-math-random", digits: 2, what: "bytes" },
    { id: "makes-digits-of-math-random", digits: 1, what: "hexadecimal digits" },
  ].map(({ id, digits, what }) => ({
    id,
    breaks: `Makes the nonce of ${what} by Math.random.`,
    caughtBy: [
      "client.authorization.nonce-is-unpredictable",
      "client.v1.authorization-nonce-is-unpredictable",
    ],
    build: signing((authorization) => ({ ...authorization, nonce: ofMathRandom(digits) })),
  })),
  {
    id: "has-one-nonce",
    breaks: "Uses the same nonce for every payment.",
    caughtBy: [
      "client.authorization.nonce-is-fresh",
      "client.authorization.nonce-for-the-same",
      "client.authorization.nonce-at-once",
      "client.v1.authorization-nonce-is-fresh",
      "client.v1.authorization-nonce-for-the-same",
      "client.v1.authorization-nonce-at-once",
    ],
    build: signing((authorization) => ({ ...authorization, nonce: theOneNonce })),
  },
  {
    id: "nonce-of-the-purchase",
    breaks: "Makes the nonce out of what is paid, by whom and to whom.",
    caughtBy: ["client.authorization.nonce-for-the-same", "client.v1.authorization-nonce-for-the-same"],
    build: signing((authorization) => {
      const { from, to, value } = authorization;
      return { ...authorization, nonce: keccak256(stringToHex(`${from} pays ${value} to ${to}`)) };
    }),
  },
  {
    id: "counts-when-it-is-done",
    breaks:
      "Makes the nonce out of how many payments its payer has made, and counts them when they are done.",
    caughtBy: ["client.authorization.nonce-at-once", "client.v1.authorization-nonce-at-once"],
    build: withSteps((reached) => ({
      authorize: (choice, payer, now) => {
        reached();
        const nonce = keccak256(stringToHex(`${payer} ${made.get(payer) ?? 0}`));
        return { ...clientSteps.authorize(choice, payer, now), nonce };
      },
      conclude: async (...answer) => {
        const paid = await clientSteps.conclude(...answer);
        const { payer } = paid.receipt;
        made.set(payer, (made.get(payer) ?? 0) + 1);
        return paid;
      },
    })),
  },
];

/** 32 bytes, so many hexadecimal digits by each call of Math.random. */
function ofMathRandom(digits: number): Hex {
  const words = Array.from({ length: 64 / digits }, () => Math.floor(Math.random() * 16 ** digits));
  return `0x${words.map((word) => word.toString(16).padStart(digits, "0")).join("")}`;
}

/** Payments that each payer has made. */
const made = new Map<Address, number>();

/** How many payments were numbered. */
let count = 0;

const theOneNonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
