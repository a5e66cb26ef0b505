import { readerOf, requireDevelopmentNode } from "../chain/index.ts";
import { keyAccount } from "../key-account.ts";
import { evmNetwork } from "../protocol/index.ts";
import { openAccount } from "./account.ts";
import { openCatalogue } from "./catalogue/index.ts";
import { connectToChain } from "./chain-connection.ts";
import type { FacilitatorOptions } from "./facilitator.ts";
import { noGlance, openGlance } from "./glance.ts";
import { oneByOne, together } from "./parcel.ts";
import { openRecords } from "./records.ts";
import type { Desk } from "./steps.ts";
import { hasTransferBatch } from "./transfer-batch.ts";

/** A local chain mines in less; one that mines by the clock must not hold up what is to be sent. Milliseconds. */
const patienceMs = 50;

/** How long a receipt is waited for unless told otherwise. */
const defaultSettlementTimeoutMs = 10_000;

/**
 * Connects to the chain and opens what a facilitator works with.
 *
 * @throws Problem `not-a-development-chain`, `config` (the records cannot be opened)
 */
export async function openDesk(options: FacilitatorOptions): Promise<{ desk: Desk; close(): void }> {
  const {
    rpcUrl,
    rpcVia,
    privateKey,
    databaseFile,
    settlementTimeoutMs = defaultSettlementTimeoutMs,
    batching = true,
  } = options;
  await requireDevelopmentNode(rpcUrl);
  const chainId = await readerOf(rpcUrl).getChainId();
  const records = openRecords(databaseFile);
  const connection = connectToChain(rpcVia ?? (() => rpcUrl));
  const { client: chain } = connection;
  const close = () => {
    connection.close();
    records.close();
  };
  const batches = batching && (await hasTransferBatch(chain));
  const account = openAccount(keyAccount(privateKey), chain, {
    chainId,
    pack: batches ? together : oneByOne,
    patienceMs,
    settlementTimeoutMs,
  });
  const desk = {
    network: evmNetwork(chainId),
    chain,
    glance: batches ? openGlance(chain) : noGlance,
    account,
    records,
    catalogue: openCatalogue(),
  };
  return { desk, close };
}
