import Fastify, { type FastifyInstance } from "fastify";
import { type Address, BaseError, getAddress, type Hex } from "viem";
import { z } from "zod";
import type { Chain } from "../chain/index.ts";
import { catalogue, type FaultBoard, faultOrderSchema } from "../faults/index.ts";
import { type ListenAt, listen } from "../listen.ts";
import { addressSchema, type Network } from "../protocol/index.ts";
import type { Journal } from "./journal.ts";

/** The sandbox as its ready line and `GET /` of the admin API tell it. Keys are Anvil's public development keys. */
export interface SandboxDescription {
  readonly rpcUrl: string;
  /** The same chain, where faults bite: give it to a facilitator that is to feel them. */
  readonly faultyRpcUrl: string;
  readonly chainId: number;
  readonly network: Network;
  readonly asset: Address;
  readonly facilitatorUrl: string;
  readonly sellerUrl: string;
  readonly adminUrl: string;
  readonly accounts: Readonly<
    Record<"payer" | "seller" | "facilitator", { address: Address; privateKey: Hex }>
  >;
}

/** What the admin API controls and shows. */
export interface AdminParts {
  readonly chain: Chain;
  readonly faults: FaultBoard;
  readonly journal: Journal;
  readonly describe: () => SandboxDescription | undefined;
}

const atomic = z
  .string()
  .regex(/^(?=.*[1-9])\d{1,30}$/, "expected atomic units in decimal digits, at least 1")
  .transform(BigInt);

/** A time of ten years; blocks far in the future are of no use, and nodes cannot count them. */
const furthestSeconds = 315_360_000;

const faucetOrder = z.strictObject({
  // In any case of its letters.
  address: addressSchema.transform((address) => getAddress(address)),
  amount: atomic,
});
const faucetOrders = z.array(faucetOrder).max(1_000);
const clockOrder = z.strictObject({ advanceSeconds: z.int().positive().max(furthestSeconds) });
const workReport = z.looseObject({ requestId: z.string().optional(), route: z.string().optional() });
const payerQuery = z.looseObject({ payer: addressSchema.optional() });
const faultPath = z.object({ id: z.coerce.number().int().positive() });
const workQuery = z.looseObject({ requestId: z.string().optional() });

const routes =
  "GET /, POST /faucet, GET|POST /clock, GET|POST|DELETE /faults, DELETE /faults/:id, GET /journal, GET|POST /work";

/**
 * Starts the admin API: `GET /` describes the sandbox, `POST /faucet` (one order or a list),
 * `GET|POST /clock`,
 * `GET|POST|DELETE /faults`, `GET /journal?payer=`, `GET|POST /work`. What it refuses is `{error}`, one sentence.
 *
 * @throws Problem `port-in-use`, `config` (no interface has the address)
 */
export async function startAdmin(parts: AdminParts, at: Omit<ListenAt, "flag"> = {}) {
  const app = Fastify({ forceCloseConnections: true });
  answerBadInput(app);
  describeRoutes(app, parts);
  chainRoutes(app, parts.chain);
  faultRoutes(app, parts.faults);
  const url = await listen(app, { ...at, flag: "--port" });
  return { url, stop: () => app.close() };
}

function answerBadInput(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) return reply.status(400).send({ error: sentenceOf(error) });
    // The chain's refusal, e.g. to mint for the token itself; viem's whole message is a page.
    if (error instanceof BaseError)
      return reply.status(400).send({ error: `The chain refused: ${error.details || error.shortMessage}` });
    return reply.status(statusOf(error)).send({ error: error instanceof Error ? error.message : "Unknown." });
  });
  app.setNotFoundHandler(({ method, url }, reply) =>
    reply.status(404).send({ error: `There is no ${method} ${url}; the admin API has ${routes}.` }),
  );
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : 500;
}

/** Names each field that is wrong, and what was expected of it. */
function sentenceOf({ issues }: z.ZodError): string {
  return issues
    .map(
      ({ path, message }) => `${path.join(".") || "The request"}: ${message.replace(/^Invalid input: /, "")}`,
    )
    .join("; ");
}

function describeRoutes(app: FastifyInstance, { journal, describe }: AdminParts): void {
  app.get(
    "/",
    (_request, reply) => describe() ?? reply.status(503).send({ error: "The sandbox is starting." }),
  );
  app.get("/journal", (request) => journal.exchanges(payerQuery.parse(request.query).payer));
  app.get("/work", (request) => journal.work(workQuery.parse(request.query).requestId));
  app.post("/work", (request, reply) => {
    journal.recordWork(workReport.parse(request.body));
    return reply.status(204).send();
  });
}

function chainRoutes(app: FastifyInstance, chain: Chain): void {
  const fill = async ({ address, amount }: z.infer<typeof faucetOrder>) => {
    await chain.fund(address, amount);
    return { address, balance: String(await chain.ledger.balanceOf(address)) };
  };
  app.post("/faucet", ({ body }) =>
    Array.isArray(body) ? Promise.all(faucetOrders.parse(body).map(fill)) : fill(faucetOrder.parse(body)),
  );
  app.get("/clock", async () => ({ now: String(await chain.clock.now()) }));
  app.post("/clock", async (request) => {
    await chain.clock.advance(clockOrder.parse(request.body).advanceSeconds);
    return { now: String(await chain.clock.now()) };
  });
}

function faultRoutes(app: FastifyInstance, faults: FaultBoard): void {
  app.get("/faults", () => ({ active: faults.list(), catalogue: catalogue() }));
  app.post("/faults", (request) => faults.add(faultOrderSchema.parse(request.body)));
  app.delete("/faults", async (_request, reply) => {
    await faults.clear();
    return reply.status(204).send();
  });
  app.delete("/faults/:id", async (request, reply) => {
    const { id } = faultPath.parse(request.params);
    if (await faults.remove(id)) return reply.status(204).send();
    return reply.status(404).send({ error: `No fault has the id ${id}.` });
  });
}
