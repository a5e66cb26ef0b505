import { encodeFunctionData, erc20Abi, getAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, derivePayer, developerOf, minedReceipt, startChain } from "#sandbox";
import { Books } from "./books.ts";

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain.stop());

const somebody = getAddress("0x00000000000000000000000000000000000000aa");
const nothing = { deliveries: 0, transfers: 0, owed: "0", transferred: "0", spent: "0", differences: [] };

async function fundedPayer(label: string) {
  const { address } = derivePayer("books", label);
  await chain.fund(address, 1_000n);
  return address;
}

test("books in which nothing was written balance", async () => {
  const payer = await fundedPayer("idle");
  const books = await Books.open(chain.ledger, [payer]);
  expect(await books.close(0)).toEqual(nothing);
});

test("what was signed and never taken is no difference", async () => {
  const payer = await fundedPayer("refused");
  const books = await Books.open(chain.ledger, [payer]);
  books.signed({ payer, payTo: somebody, amount: 5n, nonce: "0x01" });
  books.concluded(
    { payer, nonce: "0x01" },
    { outcome: "refused", delivered: false, receipt: false, inDoubt: false },
  );
  expect(await books.close(0)).toEqual(nothing);
});

test("money that leaves without any payment of the payer's is told, with its transaction", async () => {
  const payer = await fundedPayer("robbed");
  const books = await Books.open(chain.ledger, [payer]);
  const developer = developerOf(chain.rpcUrl);
  await developer.setBalance({ address: payer, value: 10n ** 18n });
  await developer.impersonateAccount({ address: payer });
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [somebody, 7n] });
  const hash = await developer.sendTransaction({ account: payer, to: chain.asset, data, chain: null });
  await minedReceipt(developer, hash);
  expect(await books.close(0)).toEqual({
    ...nothing,
    transfers: 1,
    transferred: "7",
    spent: "7",
    differences: [
      {
        kind: "transfer-unexplained",
        count: 1,
        amount: "7",
        examples: [`7 from ${payer} to ${somebody} in ${hash}`],
      },
    ],
  });
});

test("money that is gone without a transfer is told", async () => {
  const payer = await fundedPayer("emptied");
  const books = await Books.open(chain.ledger, [payer]);
  const developer = developerOf(chain.rpcUrl);
  // PUSH0 PUSH0 MSTORE, return 32 bytes: a token in which everybody has nothing.
  const bytecode = await developer.getCode({ address: chain.asset });
  const zero = "0x5f5f5260205ff3";
  await developer.setCode({ address: chain.asset, bytecode: zero });
  await developer.mine({ blocks: 1 });
  try {
    expect(await books.close(0)).toMatchObject({
      transfers: 0,
      spent: "1000",
      differences: [{ kind: "spent-without-transfer", count: 1, amount: "1000" }],
    });
  } finally {
    await developer.setCode({ address: chain.asset, bytecode: bytecode ?? "0x" });
  }
});
