import { createRequire } from "node:module";
import { createAnvil } from "@viem/anvil";
import {
  type Abi,
  type Address,
  BaseError,
  type ContractFunctionArgs,
  createTestClient,
  decodeErrorResult,
  defineChain,
  type Hash,
  type Hex,
  http,
  isHex,
  publicActions,
  RpcRequestError,
  type TransactionReceipt,
  walletActions,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { vi } from "vitest";
import { openContracts } from "../index.ts";

const mnemonic = "test test test test test test test test test test test junk";
const account = (addressIndex: number) => mnemonicToAccount(mnemonic, { addressIndex });

/** `payer` signs, `payee` receives, `sender` pays the gas; `stranger` is none of them and, unlike them, has no Ether. */
export const accounts = { sender: account(0), payer: account(1), payee: account(2), stranger: account(20) };

export type TestChain = Awaited<ReturnType<typeof startTestChain>>;

/** A call of a contract, sent by `from` (default: the sender) in a block at time `at` (Unix seconds). */
export interface Call {
  to: Address;
  data: Hex;
  value?: bigint;
  from?: Address;
  at?: bigint;
}

/**
 * A fresh Anvil with what tests of contracts need: deploy, try a call, send it, isolate a test.
 *
 * @param options.errors the custom errors that a refusal may be
 */
export async function startTestChain({
  chainId = 84532,
  errors = [],
}: {
  chainId?: number;
  errors?: Abi;
} = {}) {
  const hre = await openContracts();
  const anvil = createAnvil({ anvilBinary: anvilBinary(), port: 0, chainId });
  const listening = new Promise<string>((resolve) => {
    anvil.on("message", (message) => {
      const address = /Listening on (\S+)/.exec(message)?.[1];
      if (address !== undefined) resolve(`http://${address}`);
    });
  });
  await anvil.start();
  const url = await listening;
  const chain = defineChain({
    id: chainId,
    name: "test",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const client = createTestClient({
    mode: "anvil",
    chain,
    transport: http(url),
    pollingInterval: 5,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions);

  /**
   * The receipt of a transaction. viem's own wait looks again only when a block comes, and on this chain none may
   * come after the one that Anvil showed a moment before its receipts.
   */
  function mined(hash: Hash): Promise<TransactionReceipt> {
    return vi.waitFor(() => client.getTransactionReceipt({ hash }), { timeout: 10_000, interval: 5 });
  }

  /** Deploys a compiled contract of this project. */
  async function deploy(name: string, args: readonly unknown[] = []): Promise<Address> {
    const { abi, bytecode } = await hre.artifacts.readArtifact(name);
    const hash = await client.deployContract({
      abi: abi as Abi,
      bytecode: bytecode as Hex,
      args: args as ContractFunctionArgs,
      account: accounts.sender,
    });
    const { contractAddress } = await mined(hash);
    if (!contractAddress) throw new Error(`${name} was not deployed`);
    return contractAddress;
  }

  /** What the contract says to a call that is only tried: "accepted", its revert string or its custom error. */
  async function attempt({ to, data, value, from = accounts.sender.address, at }: Call): Promise<string> {
    try {
      await client.call({
        to,
        data,
        account: from,
        ...(value === undefined ? {} : { value }),
        ...(at === undefined ? {} : { blockOverrides: { time: at } }),
      });
      return "accepted";
    } catch (error) {
      return revertString(error, errors);
    }
  }

  /** Sends a call in a transaction of its own and waits until it is mined; a revert throws its string. */
  async function send(call: Call): Promise<TransactionReceipt> {
    const { to, data, value, from = accounts.sender.address, at } = call;
    if (at !== undefined) await client.setNextBlockTimestamp({ timestamp: at });
    const hash = await client.sendUnsignedTransaction({
      from,
      to,
      data,
      gas: 500_000n,
      ...(value === undefined ? {} : { value }),
    });
    const receipt = await mined(hash);
    if (receipt.status === "reverted") throw new Error(`reverted: ${await attempt(call)}`);
    return receipt;
  }

  /** For `beforeEach`: what it returns undoes whatever the test did to the chain. */
  async function isolate(): Promise<() => Promise<void>> {
    const id = await client.snapshot();
    return () => client.revert({ id });
  }

  async function now(): Promise<bigint> {
    return (await client.getBlock()).timestamp;
  }

  return { url, chainId, client, hre, deploy, attempt, send, mined, isolate, now, stop: () => anvil.stop() };
}

function anvilBinary(): string {
  if (process.env.ANVIL_BINARY) return process.env.ANVIL_BINARY;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const file = process.platform === "win32" ? "anvil.exe" : "anvil";
  return require.resolve(`@foundry-rs/anvil-${process.platform}-${architecture}/bin/${file}`);
}

function revertString(error: unknown, errors: Abi): string {
  const answer =
    error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : undefined;
  if (!(answer instanceof RpcRequestError) || !isHex(answer.data)) throw error;
  if (answer.data === "0x") return "reverted without a reason";
  const { errorName, args = [] } = decodeErrorResult({ abi: errors, data: answer.data });
  return errorName === "Error" ? String(args[0]) : `${errorName}(${args.join(", ")})`;
}
