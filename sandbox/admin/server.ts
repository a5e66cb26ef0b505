import Fastify, { type FastifyInstance } from "fastify";
import { type Address, type Hex, isAddress } from "viem";
import { z } from "zod";
import type { Chain } from "../chain/index.ts";
import { type FacilitatorFaultName, type FaultBoard, facilitatorFaults } from "../faults/index.ts";
import { listenOnLoopback } from "../listen.ts";
import type { Network } from "../protocol/index.ts";
import type { Journal } from "./journal.ts";

/** The sandbox as its ready line and `GET /` of the admin API tell it. Keys are Anvil's public development keys. */
export interface SandboxDescription {
  readonly rpcUrl: string;
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

const address = z.custom<Address>(
  (value) => typeof value === "string" && isAddress(value, { strict: false }),
  "expected an address",
);
const atomic = z
  .string()
  .regex(/^\d{1,30}$/, "expected atomic units as decimal digits")
  .transform(BigInt);

const faucetOrder = z.strictObject({ address, amount: atomic });
const clockOrder = z.strictObject({ advanceSeconds: z.int().positive() });
const faultOrder = z.strictObject({
  name: z.enum(Object.keys(facilitatorFaults) as [FacilitatorFaultName, ...FacilitatorFaultName[]]),
  payer: address.optional(),
  times: z.int().positive().optional(),
});
const workReport = z.looseObject({ requestId: z.string().optional(), route: z.string().optional() });
const payerQuery = z.looseObject({ payer: address.optional() });
const workQuery = z.looseObject({ requestId: z.string().optional() });

/**
 * Starts the admin API: `GET /` describes the sandbox, `POST /faucet`, `GET|POST /clock`,
 * `GET|POST|DELETE /faults`, `GET /journal?payer=`, `GET|POST /work`.
 *
 * @throws Problem `port-in-use`
 */
export async function startAdmin(parts: AdminParts, port: number) {
  const app = Fastify({ forceCloseConnections: true });
  answerBadInput(app);
  describeRoutes(app, parts);
  chainRoutes(app, parts.chain);
  faultRoutes(app, parts.faults);
  const url = await listenOnLoopback(app, port, "--admin-port");
  return { url, stop: () => app.close() };
}

function answerBadInput(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) return reply.status(400).send({ error: z.prettifyError(error) });
    return reply.send(error);
  });
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
  app.post("/faucet", async (request) => {
    const order = faucetOrder.parse(request.body);
    await chain.fund(order.address, order.amount);
    return { address: order.address, balance: String(await chain.ledger.balanceOf(order.address)) };
  });
  app.get("/clock", async () => ({ now: String(await chain.clock.now()) }));
  app.post("/clock", async (request) => {
    await chain.clock.advance(clockOrder.parse(request.body).advanceSeconds);
    return { now: String(await chain.clock.now()) };
  });
}

function faultRoutes(app: FastifyInstance, faults: FaultBoard): void {
  app.get("/faults", () => ({ active: faults.list(), catalogue: catalogue() }));
  app.post("/faults", (request) => faults.add(faultOrder.parse(request.body)));
  app.delete("/faults", (_request, reply) => {
    faults.remove();
    return reply.status(204).send();
  });
  app.delete("/faults/:id", (request, reply) => {
    faults.remove(z.object({ id: z.coerce.number() }).parse(request.params).id);
    return reply.status(204).send();
  });
}

function catalogue() {
  return Object.entries(facilitatorFaults).map(([name, { endpoint, effect }]) => ({
    name,
    endpoint,
    effect,
  }));
}
