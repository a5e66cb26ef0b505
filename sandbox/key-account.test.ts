import { randomBytes } from "node:crypto";
import { parseTransaction, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, it } from "vitest";
import { keyAccount } from "./key-account.ts";
import { authorizationTypedData } from "./protocol/index.ts";

const keys = Array.from({ length: 20 }, () => toHex(randomBytes(32)));
const other = privateKeyToAccount(toHex(randomBytes(32))).address;

it.each(keys)("%s is the account that viem makes of it, and signs as that one does", async (key) => {
  const ours = keyAccount(key);
  const viems = privateKeyToAccount(key);
  expect(ours.address).toBe(viems.address);
  const message = { message: { raw: toHex(randomBytes(20)) } } as const;
  expect(await ours.signMessage(message)).toBe(await viems.signMessage(message));
  const typedData = authorizationTypedData(
    { name: "USDC", version: "2", chainId: 84_532, verifyingContract: other },
    {
      from: ours.address,
      to: other,
      value: "1",
      validAfter: "2",
      validBefore: "3",
      nonce: toHex(randomBytes(32)),
    },
  );
  const alike = { ...typedData, types: { ...typedData.types } };
  const signature = await viems.signTypedData(typedData);
  expect(await ours.signTypedData(typedData)).toBe(signature);
  expect(await ours.signTypedData(alike)).toBe(signature);
});

it.each(keys)("a transaction that %s signs is the one that viem signs", async (key) => {
  const transaction = {
    type: "eip1559",
    chainId: 84_532,
    nonce: 7,
    gas: 21_000n,
    maxFeePerGas: 10n,
    to: other,
    data: "0x1234",
  } as const;
  const raw = await keyAccount(key).signTransaction(transaction);
  expect(raw).toBe(await privateKeyToAccount(key).signTransaction(transaction));
  expect(parseTransaction(raw)).toMatchObject({ nonce: 7, data: "0x1234" });
});

it.each([`0x${"0".repeat(64)}`, `0x${"f".repeat(64)}`] as const)("%s is no key", (key) => {
  expect(() => keyAccount(key)).toThrow();
});
