import { concat, hashMessage, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, startChain } from "./chain.ts";
import { developerOf, readerOf } from "./connection.ts";
import { smartAccountCode } from "./smart-account.ts";

const abi = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain.stop());

test("an account with the code, or that delegates to one (EIP-7702), takes its owner's signature and no other", async () => {
  const [owner, contract, delegating] = [newKey(), newKey(), newKey()];
  const developer = developerOf(chain.rpcUrl);
  const bytecode = await smartAccountCode(readerOf(chain.rpcUrl), owner.address);
  await developer.setCode({ address: contract.address, bytecode });
  await developer.setCode({
    address: delegating.address,
    bytecode: concat(["0xef0100", contract.address]),
  });

  const hash = hashMessage("anything");
  const verdict = async (account: typeof owner, signer: typeof owner) =>
    developer.readContract({
      address: account.address,
      abi,
      functionName: "isValidSignature",
      args: [hash, await signer.sign({ hash })],
    });
  for (const account of [contract, delegating]) {
    expect(await verdict(account, owner)).toBe("0x1626ba7e");
    expect(await verdict(account, account)).toBe("0xffffffff");
  }
});

function newKey() {
  return privateKeyToAccount(generatePrivateKey());
}
