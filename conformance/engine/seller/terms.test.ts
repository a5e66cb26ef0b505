import { expect, test } from "vitest";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import { payableTerms } from "./terms.ts";

const asset = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const sandbox = { asset, network: "eip155:84532" } as const;
const entry = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "1000",
  asset,
  payTo: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  maxTimeoutSeconds: 60,
};
const { amount: _, ...unpriced } = entry;

function terms(accepts: object[], protocol: ProtocolId = "x402@2") {
  const challenge = JSON.parse(JSON.stringify({ accepts }));
  return payableTerms({ sandbox }, challenge, dialects[protocol], "eip3009");
}

test("an entry for the chain's own token can be paid, also beside one that cannot", () => {
  expect(terms([unpriced, entry])).toMatchObject({ amount: 1000n, payTo: entry.payTo });
});

test("of several entries, one that is signed under the token itself is paid, wherever it stands", () => {
  const batched = { ...entry, amount: "2000", extra: { verifyingContract: `0x${"77".repeat(20)}` } };
  expect(terms([batched, entry])).toMatchObject({ amount: 1000n });
  expect(terms([entry, batched])).toMatchObject({ amount: 1000n });
  expect(terms([batched])).toMatchObject({ amount: 2000n });
});

test.each([
  ["no price", unpriced, "and the entry for it has no `amount`."],
  [
    "the price of v1",
    { ...unpriced, maxAmountRequired: "1000" },
    'has no `amount`. The price of an entry is called "amount" in x402 v2.',
  ],
  [
    "dollars",
    { ...entry, amount: "$0.01" },
    'has "$0.01" for its `amount`. The amount "$0.01" is not in atomic',
  ],
  ["a name to pay to", { ...entry, payTo: "me.eth" }, 'has "me.eth" for its `payTo`. Write an address there'],
  [
    "an asset in CAIP-19",
    { ...entry, asset: `eip155:84532/erc20:${asset}` },
    `for its \`asset\`. The asset is named as CAIP-19 does: write its address alone, "${asset}".`,
  ],
])(
  "an entry for the chain's own token that cannot be paid is not taken for one of another: %s",
  (_name, bad, why) => {
    const paid = () => terms([bad]);
    expect(paid).toThrow(why);
    expect(paid).not.toThrow("environment");
  },
);

test("an entry of v1 is told what v1 calls a price", () => {
  const inV1 = { ...entry, network: "base-sepolia" };
  expect(() => terms([inV1], "x402@1")).toThrow(
    'has no `maxAmountRequired`. The price of an entry is called "maxAmountRequired" in x402 v1.',
  );
});

test("an entry for another token says which, and how a seller learns of this one", () => {
  const other = { ...entry, asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913" };
  expect(() => terms([other])).toThrow(/seller asks for "exact" in "0x8335.* environment\./);
});
